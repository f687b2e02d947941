import { realpath, stat } from 'node:fs/promises';

import type { SeatrialError } from '@seatrial/contracts';
import { AnswerTooLarge, type DockerEngine, NoSuchObject, type ContainerInspect } from '@seatrial/docker';
import {
  CgroupLocator,
  compileHostRoots,
  hostNamespaceReference,
  readProcessEvidence,
  type HostRootOptions,
  type ProcessEvidence,
} from '@seatrial/host';
import {
  bindSources,
  engineFacts,
  factDocument,
  hostReference,
  MalformedInspect,
  type EngineFacts,
  type FactDocument,
  type HostReference,
} from '@seatrial/isolation';

import { EvidenceGone, EvidenceTooLarge } from '../errors.ts';

/** Name of the host of an engine's containers, in identities and findings: two engines on one machine have the same name and even the same engine id. */
const hostName = (machine: string, engineId: string): string => `${machine}/${engineId}`;

/** True when a container of this host belongs to the engine, whatever its machine was called. */
export const isHostOf = (host: string, engineId: string): boolean => host.endsWith(`/${engineId}`);

/** What does not change from one container to the next. */
export interface Surroundings {
  readonly engine: EngineFacts;
  readonly host: HostReference;
}

/** A container that was asked for and has no document: it is gone, or its inspect cannot be read. */
export interface Unread {
  readonly id: string;
  readonly why: 'gone' | 'unreadable';
  readonly error: SeatrialError;
}

export interface EngineReaderOptions {
  /** Target id of the engine. */
  readonly id: string;
  /** Salt of the hashes of secrets. */
  readonly salt: string;
  /** Given when the engine runs on this machine: its processes are read there. */
  readonly roots: HostRootOptions | undefined;
  /** Path of the engine's socket, where it is a local one: the group that owns it is as good as root. */
  readonly socket: string | undefined;
}

/** What is asked of an engine. */
export type EngineApi = Pick<DockerEngine, 'info' | 'listContainers' | 'inspect'>;

/** Inspects in flight: the engine works on them one after the other anyway. */
const PARALLEL = 16;

/** Reads the evidence of one engine: one list, one inspect a container, the process of each. GET requests and files only; it starts no process and changes nothing. */
export class EngineReader {
  readonly #engine: EngineApi;
  readonly #options: EngineReaderOptions;
  readonly #cgroups: CgroupLocator | undefined;

  constructor(engine: EngineApi, options: EngineReaderOptions) {
    this.#engine = engine;
    this.#options = options;
    this.#cgroups = options.roots === undefined ? undefined : locatorOf(options.roots);
  }

  /** Reads the engine itself. @param containerPid pid of any of its containers, which leads to its shim */
  async surroundings(containerPid: number | undefined, signal: AbortSignal): Promise<Surroundings> {
    const info = await this.#engine.info(signal);
    const { roots, socket } = this.#options;
    const reference =
      roots === undefined
        ? undefined
        : hostNamespaceReference({ ...roots, ...(containerPid !== undefined && { containerPid }) });
    const gid =
      socket === undefined
        ? undefined
        : await stat(socket).then(
            ({ gid: group }) => group,
            () => undefined,
          );
    return {
      engine: engineFacts(info),
      host: hostReference({
        name: hostName(info.Name, this.#options.id),
        ...(reference !== undefined && { namespaces: reference.namespaces }),
        socketGids: gid === undefined || gid === 0 ? [] : [gid],
      }),
    };
  }

  /** Inspects every container. */
  async inspectAll(
    signal: AbortSignal,
  ): Promise<{ readonly inspects: ReadonlyMap<string, ContainerInspect>; readonly unread: readonly Unread[] }> {
    const listed = await this.#engine.listContainers({ signal });
    return this.inspect(
      listed.map(({ Id }) => Id),
      signal,
    );
  }

  /** Inspects these containers; those that are gone or cannot be read do not stop the others. */
  async inspect(
    ids: readonly string[],
    signal: AbortSignal,
  ): Promise<{ readonly inspects: ReadonlyMap<string, ContainerInspect>; readonly unread: readonly Unread[] }> {
    const inspects = new Map<string, ContainerInspect>();
    const unread: Unread[] = [];
    const waiting = [...ids];
    const worker = async (): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        try {
          inspects.set(id, await this.#engine.inspect(id, signal));
        } catch (error) {
          if (error instanceof NoSuchObject) unread.push({ id, why: 'gone', error: new EvidenceGone(id, error) });
          else if (error instanceof AnswerTooLarge)
            unread.push({ id, why: 'unreadable', error: new EvidenceTooLarge(id, error) });
          else throw error;
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, ids.length) }, worker));
    return { inspects, unread };
  }

  /** The fact document of one inspected container, with what the kernel says of its process. An error when the inspect document is malformed. */
  async observed(
    inspect: ContainerInspect,
    host: string,
    signal: AbortSignal,
  ): Promise<FactDocument | MalformedInspect> {
    const evidence = await this.#evidenceOf(inspect, signal);
    // A process that is gone is no proof that the container has ended: the engine says so or not.
    const ended = evidence !== undefined && isGone(evidence) ? await this.#hasEnded(inspect, signal) : false;
    return this.declared(inspect, host, { ended, ...(evidence !== undefined && { evidence }) });
  }

  /** The fact document of one inspected container from its configuration. @param known.ended the container is known to have ended since */
  async declared(
    inspect: ContainerInspect,
    host: string,
    { evidence, ended = false }: { readonly evidence?: ProcessEvidence; readonly ended?: boolean } = {},
  ): Promise<FactDocument | MalformedInspect> {
    try {
      return factDocument(inspect, {
        salt: this.#options.salt,
        host,
        origin: 'engine',
        realSources: await this.#realSources(inspect),
        ...(evidence !== undefined && { evidence }),
        ...(ended && { ended }),
      });
    } catch (error) {
      if (error instanceof MalformedInspect) return error;
      throw error;
    }
  }

  async #evidenceOf({ Id, State }: ContainerInspect, signal: AbortSignal): Promise<ProcessEvidence | undefined> {
    if (this.#options.roots === undefined || !State.Running || State.Pid <= 0) return undefined;
    return readProcessEvidence(State.Pid, {
      ...this.#options.roots,
      containerId: Id,
      signal,
      ...(this.#cgroups !== undefined && { cgroups: this.#cgroups }),
    });
  }

  async #hasEnded({ Id, State }: ContainerInspect, signal: AbortSignal): Promise<boolean> {
    const { inspects } = await this.inspect([Id], signal);
    const now = inspects.get(Id);
    return now === undefined || !now.State.Running || now.State.StartedAt !== State.StartedAt;
  }

  /** A bind may name a link; what counts is where it leads on the host. Where the host's files are not ours to see the text is judged. */
  async #realSources(inspect: ContainerInspect): Promise<ReadonlyMap<string, string>> {
    const { roots } = this.#options;
    if (roots === undefined) return new Map();
    const { proc } = compileHostRoots(roots);
    const prefix = proc === '/proc' ? '' : `${proc}/1/root`;
    const resolved = await Promise.all(
      bindSources(inspect).map(async (source) => {
        const real = await realpath(`${prefix}${source}`).catch(() => undefined);
        return real === undefined ? [] : [[source, real.slice(prefix.length) || '/'] as const];
      }),
    );
    return new Map(resolved.flat());
  }
}

function isGone(evidence: ProcessEvidence): boolean {
  return 'missing' in evidence.cgroups && evidence.cgroups.missing === 'gone';
}

function locatorOf(roots: HostRootOptions): CgroupLocator | undefined {
  try {
    return CgroupLocator.fromProc(compileHostRoots(roots));
  } catch {
    return undefined;
  }
}
