import { AnswerTooLarge, EngineUnreachable, NoSuchObject, type ContainerInspect } from '@seatrial/docker';

import type { EngineApi } from '../evidence/engine-reader.ts';

/** What a test says of one container. */
export interface FakeContainer {
  readonly id: string;
  readonly name?: string;
  readonly hostConfig?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly created?: string;
  /** Named volumes that it mounts for writing. */
  readonly volumes?: readonly string[];
  /** `exited` has no process. */
  readonly state?: 'running' | 'created' | 'exited';
  readonly trouble?: 'too-large' | 'malformed';
}

/** An engine in memory. */
export class FakeEngine implements EngineApi {
  readonly containers = new Map<string, FakeContainer>();
  /** Requests so far, as words. */
  readonly requests: string[] = [];
  down = false;
  /** Resolves before an inspect is answered. */
  hold: Promise<void> | undefined;

  constructor(...containers: readonly FakeContainer[]) {
    this.put(...containers);
  }

  put(...containers: readonly FakeContainer[]): void {
    for (const container of containers) this.containers.set(container.id, container);
  }

  remove(id: string): void {
    this.containers.delete(id);
  }

  async info(): ReturnType<EngineApi['info']> {
    this.#asked('info');
    return {
      ID: 'engine',
      Name: 'machine',
      ServerVersion: '20.10.24',
      CgroupVersion: '1',
      SecurityOptions: [],
    } as never;
  }

  async listContainers(): ReturnType<EngineApi['listContainers']> {
    this.#asked('list');
    return [...this.containers.keys()].map((Id) => ({ Id })) as never;
  }

  async inspect(id: string): Promise<ContainerInspect> {
    this.#asked(`inspect ${id}`);
    const container = this.containers.get(id);
    await this.hold;
    if (container === undefined) throw new NoSuchObject('fake', `No such container: ${id}`);
    if (container.trouble === 'too-large') throw new AnswerTooLarge('fake', `/containers/${id}/json`, 4);
    return inspectOf(container);
  }

  #asked(what: string): void {
    this.requests.push(what);
    if (this.down) throw new EngineUnreachable('fake', 'it is down');
  }
}

/** The inspect document of a container as plain as `docker run` makes it. */
export function inspectOf(container: FakeContainer): ContainerInspect {
  const { id, name = `name-of-${id}`, state = 'running', trouble } = container;
  const running = state === 'running';
  return {
    Id: id,
    Name: `/${name}`,
    Created: container.created ?? '2026-11-25T01:00:00Z',
    State: { Status: state, Running: running, Pid: running ? 4242 : 0, StartedAt: '2026-11-25T01:00:01Z' },
    Config:
      trouble === 'malformed' ? 'nonsense' : { Image: 'image', User: '', Env: [], Labels: container.labels ?? {} },
    HostConfig: { NetworkMode: 'none', PidMode: '', IpcMode: 'private', UTSMode: '', ...container.hostConfig },
    Mounts: (container.volumes ?? []).map((volume) => ({
      Type: 'volume',
      Name: volume,
      Source: `/volumes/${volume}`,
      Destination: `/${volume}`,
      RW: true,
      Mode: '',
      Propagation: '',
    })),
  } as never;
}
