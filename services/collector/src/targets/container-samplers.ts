import { SeatrialError } from '@seatrial/contracts';
import {
  ApiSampler,
  CgroupSampler,
  type ContainerInspect,
  type DockerEngine,
  type SampleRound,
} from '@seatrial/docker';
import type { SampleColumns } from '@seatrial/estate';
import { ContainerNormaliser, resourceId } from '@seatrial/estate';
import type { HostRootOptions } from '@seatrial/host';

interface Sampled {
  readonly startedAt: string;
  readonly startedAtMs: number | undefined;
  /** Read from cgroup files; else through the API. */
  readonly local: boolean;
}

/** Reads from cgroup files; `CgroupSampler` is one. */
export interface LocalReader extends Disposable {
  readonly cgroupVersion: 1 | 2 | undefined;
  add(container: { readonly id: string; readonly pid: number; readonly ownNetwork: boolean }): void;
  drop(id: string): void;
  round(): Promise<SampleRound>;
}

/** Reads through the engine; `ApiSampler` is one. */
export type RemoteReader = Pick<ApiSampler, 'round'>;

/** What one tick found besides the samples. */
export interface TickResult {
  /** Containers that do not run any more. */
  readonly gone: readonly string[];
  /** Why containers could not be read; undefined when all were. */
  readonly fault: SeatrialError | undefined;
}

/**
 * Samples the running containers of one engine: from kept-open cgroup files where the container runs on this machine, else through the engine's API. A container whose
 * cgroup files cannot be opened is read through the API.
 */
export class ContainerSamplers implements Disposable {
  readonly #tgt: string;
  readonly #local: LocalReader | undefined;
  readonly #remote: RemoteReader;
  readonly #normaliser = new ContainerNormaliser();
  readonly #containers = new Map<string, Sampled>();
  /** Lives that a reading showed as ended: container to the time of its start. */
  readonly #ended = new Map<string, string>();
  /** Containers that run, says the engine, after a reading showed them as ended. */
  readonly #withheld = new Set<string>();

  /** @param readers.local absent where this process has no view of the host's cgroups, or the engine is another machine's */
  constructor(tgt: string, readers: { readonly local?: LocalReader | undefined; readonly remote: RemoteReader }) {
    this.#tgt = tgt;
    this.#local = readers.local?.cgroupVersion === undefined ? undefined : readers.local;
    this.#remote = readers.remote;
  }

  /** @param options.roots given when the engine may run on this machine */
  static of(
    engine: DockerEngine,
    options: { readonly tgt: string; readonly roots: HostRootOptions | undefined; readonly hostMemoryBytes: number },
  ): ContainerSamplers {
    return new ContainerSamplers(options.tgt, {
      local: options.roots === undefined ? undefined : openCgroups(options.roots),
      remote: new ApiSampler(engine, { hostMemoryBytes: options.hostMemoryBytes }),
    });
  }

  /** How containers are read: `cgroup-v1`, `cgroup-v2`, `engine-api`. */
  get capabilities(): string[] {
    const all = [...this.#containers.values()];
    const remote = all.some((each) => !each.local);
    const version = this.#local?.cgroupVersion;
    return [
      ...(version !== undefined && (!remote || all.some((each) => each.local)) ? [`cgroup-v${version}`] : []),
      ...(remote || version === undefined ? ['engine-api'] : []),
    ];
  }

  /** True when no container runs, so that no sample is due. */
  get idle(): boolean {
    return this.#containers.size === 0 && this.#ended.size === 0;
  }

  /** Running containers that nobody gives counters of: an engine may answer with zeros when it cannot read them itself. */
  get withheld(): number {
    return this.#withheld.size;
  }

  /** A container started, or was seen running. One that is known already is left alone, unless it has started anew. */
  add({ Id, State, HostConfig }: ContainerInspect): void {
    if (this.#containers.get(Id)?.startedAt === State.StartedAt) return;
    if (this.#ended.get(Id) === State.StartedAt) this.#withheld.add(Id);
    else this.#withheld.delete(Id);
    this.#ended.delete(Id);
    const startedAtMs = Date.parse(State.StartedAt);
    const ownNetwork = !/^(host|container:.*)$/.test(HostConfig.NetworkMode ?? '');
    this.#containers.set(Id, {
      startedAt: State.StartedAt,
      startedAtMs: Number.isNaN(startedAtMs) ? undefined : startedAtMs,
      local: this.#openLocal(Id, State.Pid, ownNetwork),
    });
  }

  /** It ended, or is unknown. */
  drop(id: string): void {
    this.#ended.delete(id);
    this.#withheld.delete(id);
    this.#forget(id);
  }

  #forget(id: string): void {
    this.#containers.delete(id);
    this.#local?.drop(id);
    this.#normaliser.forget(resourceId(this.#tgt, id));
  }

  /** Keeps these only. */
  keep(running: ReadonlySet<string>): void {
    for (const id of [...this.#containers.keys(), ...this.#ended.keys()]) if (!running.has(id)) this.drop(id);
  }

  /** Reads every container whose cgroup files are open. */
  async sampleLocal(columns: SampleColumns): Promise<TickResult> {
    return this.#local === undefined ? NOTHING : this.#take(columns, await this.#local.round());
  }

  /** Asks the engine for all others. @throws the signal's reason when it is aborted */
  async sampleRemote(columns: SampleColumns, signal: AbortSignal): Promise<TickResult> {
    const ids = [...this.#containers].flatMap(([id, { local, startedAt }]) => (local ? [] : [{ id, startedAt }]));
    if (ids.length === 0) return NOTHING;
    const asked = new Map(ids.map(({ id, startedAt }) => [id, startedAt]));
    // One that ended or started anew while the engine was asked belongs to another life.
    const same = (id: string): boolean => this.#containers.get(id)?.startedAt === asked.get(id);
    const { counters, gone, failed } = await this.#remote.round(ids, signal);
    return this.#take(columns, {
      counters: new Map([...counters].filter(([id]) => same(id))),
      gone: gone.filter(same),
      failed: new Map([...failed].filter(([id]) => same(id))),
    });
  }

  [Symbol.dispose](): void {
    this.#local?.[Symbol.dispose]();
  }

  #take(columns: SampleColumns, { counters, gone, failed }: SampleRound): TickResult {
    for (const [id, reading] of counters) {
      const known = this.#containers.get(id);
      if (known === undefined) continue;
      this.#normaliser.add(columns, resourceId(this.#tgt, id), reading, known.startedAtMs);
      this.#withheld.delete(id);
    }
    for (const id of gone) {
      const known = this.#containers.get(id);
      this.#forget(id);
      if (known !== undefined) this.#ended.set(id, known.startedAt);
    }
    return { gone, fault: [...failed.values()][0] };
  }

  #openLocal(id: string, pid: number, ownNetwork: boolean): boolean {
    if (this.#local === undefined) return false;
    try {
      this.#local.add({ id, pid, ownNetwork });
      return true;
    } catch (error) {
      // Its process is not ours to see (another machine behind the socket, another pid namespace): the API knows it.
      if (error instanceof SeatrialError) return false;
      throw error;
    }
  }
}

const NOTHING: TickResult = { gone: [], fault: undefined };

/** Undefined where this process cannot read which cgroups there are. */
function openCgroups(roots: HostRootOptions): CgroupSampler | undefined {
  try {
    return new CgroupSampler(roots);
  } catch {
    return undefined;
  }
}
