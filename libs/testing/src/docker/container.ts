import { randomBytes } from 'node:crypto';
import { DockerControl, DockerEngine } from '@seatrial/docker';
import type { TestEngine } from './engine.ts';
import { importTestImage } from './image.ts';

/** Value of the label `io.seatrial.test` on everything this process makes on an engine: filter by it, other tests share the engine. */
export const TEST_RUN = `${process.pid}-${randomBytes(4).toString('hex')}`;

/** A container for a test, in the words of `docker run`. */
export interface TestContainerSpec {
  /** @default a new name */
  readonly name?: string;
  /** @default `importTestImage` */
  readonly image?: string;
  /** @default sleeps for ever and ends at once on SIGTERM */
  readonly cmd?: readonly string[];
  readonly env?: readonly string[];
  readonly user?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** `HostConfig` of the Engine API. */
  readonly hostConfig?: Readonly<Record<string, unknown>>;
  /** Further fields of the create body, e.g. `ExposedPorts`, `Healthcheck`. */
  readonly body?: Readonly<Record<string, unknown>>;
}

/** A container that is removed when its block ends. */
export interface TestContainer extends AsyncDisposable {
  readonly id: string;
  readonly name: string;
  /** Process id on this machine; 0 for one that was only created. */
  readonly pid: number;
}

/** Creates a container without starting it: for what the runtime refuses to start, and for declared-only verdicts. */
export async function createContainer(engine: TestEngine, spec: TestContainerSpec = {}): Promise<TestContainer> {
  const control = new DockerControl({ url: engine.url });
  const name = spec.name ?? `seatrial-test-${randomBytes(6).toString('hex')}`;
  const id = await control.createContainer(name, {
    Image: spec.image ?? (await importTestImage(engine)),
    Cmd: spec.cmd ?? ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 3600 & wait $!; done'],
    Labels: { 'io.seatrial.test': TEST_RUN, ...spec.labels },
    ...(spec.env === undefined ? {} : { Env: spec.env }),
    ...(spec.user === undefined ? {} : { User: spec.user }),
    HostConfig: { ...spec.hostConfig },
    ...spec.body,
  });
  return { id, name, pid: 0, [Symbol.asyncDispose]: () => control.remove(id) };
}

/** Creates and starts a container. One that cannot start is removed before the error is thrown. */
export async function startContainer(engine: TestEngine, spec: TestContainerSpec = {}): Promise<TestContainer> {
  const created = await createContainer(engine, spec);
  try {
    await new DockerControl({ url: engine.url }).start(created.id);
    await using reader = new DockerEngine({ url: engine.url });
    return { ...created, pid: (await reader.inspect(created.id)).State.Pid };
  } catch (error) {
    await created[Symbol.asyncDispose]();
    throw error;
  }
}
