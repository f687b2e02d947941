import {
  CgroupLocator,
  compileHostRoots,
  type HostRootOptions,
  type HostRoots,
  sharedTurns,
  type Turns,
} from '@seatrial/host';
import type { SeatrialError } from '@seatrial/contracts';
import type { ContainerCounters, SampleRound } from '../counters.ts';
import { CounterSourceMissing } from '../errors.ts';
import { CgroupReader } from './reader.ts';

/** A container to sample. */
export interface SampledContainer {
  /** Full id. */
  readonly id: string;
  /** `State.Pid`. */
  readonly pid: number;
  /** False for `--network host` and `container:...`. */
  readonly ownNetwork: boolean;
}

/**
 * The readers of all running containers of one engine on this machine. Add a container when it starts, drop it when it dies: until then some of its files go on
 * answering.
 */
export class CgroupSampler implements Disposable {
  readonly #roots: HostRoots;
  readonly #turns: Turns;
  readonly #readers = new Map<string, CgroupReader>();
  readonly #cgroups: CgroupLocator;

  /** @throws the errno of the system when this process's mount table cannot be read */
  constructor(options: HostRootOptions & { readonly turns?: Turns } = {}) {
    this.#roots = compileHostRoots(options);
    this.#turns = options.turns ?? sharedTurns;
    this.#cgroups = CgroupLocator.fromProc(this.#roots);
  }

  /** cgroup version in force on this machine; undefined when none is mounted: then every `add` throws. */
  get cgroupVersion(): 1 | 2 | undefined {
    return this.#cgroups.version;
  }

  /** Ids of the containers that are read. */
  get containers(): readonly string[] {
    return [...this.#readers.keys()];
  }

  /** Opens the files of a container; one that is known already is opened anew (a restart keeps the id). @throws CounterSourceMissing */
  add(container: SampledContainer): void {
    this.drop(container.id);
    const options = { procRoot: this.#roots.proc, sysRoot: this.#roots.sys, cgroups: this.#cgroups };
    this.#readers.set(
      container.id,
      new CgroupReader({ ...options, containerId: container.id, pid: container.pid, ownNetwork: container.ownNetwork }),
    );
  }

  /** Closes the files of a container. An unknown id is no error. */
  drop(id: string): void {
    this.#readers.get(id)?.[Symbol.dispose]();
    this.#readers.delete(id);
  }

  /** Reads every container once; those that are gone are dropped. Takes turns, so that a thousand of them do not hold the event loop. */
  async round(): Promise<SampleRound> {
    const counters = new Map<string, ContainerCounters>();
    const gone: string[] = [];
    const failed = new Map<string, SeatrialError>();
    const read = (id: string, reader: CgroupReader): void => {
      if (this.#readers.get(id) !== reader) return; // dropped or restarted while this round waited
      try {
        const sample = reader.sample();
        if (sample !== undefined) counters.set(id, sample);
        else gone.push(id);
      } catch (error) {
        failed.set(id, CounterSourceMissing.from(id, error));
      }
    };
    await Promise.all([...this.#readers].map(([id, reader]) => this.#turns.take(() => read(id, reader))));
    for (const id of gone) this.drop(id);
    return { counters, gone, failed };
  }

  /** Closes all files. Safe to repeat. */
  [Symbol.dispose](): void {
    for (const id of this.containers) this.drop(id);
  }
}
