import type { SeatrialError } from '@seatrial/contracts';
import type { ContainerCounters, SampleRound } from '../counters.ts';
import type { DockerEngine } from '../engine/engine.ts';
import { fromTransport, NoSuchObject } from '../errors.ts';
import { countersFromStats } from './from-stats.ts';

/** A running container and the life it is in. */
export interface ApiSampledContainer {
  readonly id: string;
  /** `State.StartedAt`. */
  readonly startedAt: string;
}

/** The engine answers all of a tick's requests at that tick: as many as it has containers are asked at once, up to here. */
const MAX_PARALLEL = 64;

/** Reads the counters of remote containers through the engine, one request a container. Costs the engine some 5 ms CPU each: for what cannot be read from cgroup files. */
export class ApiSampler {
  readonly #engine: DockerEngine;
  readonly #hostMemoryBytes: number | undefined;
  readonly #timeoutMs: number;

  /** @param options.hostMemoryBytes `MemTotal` of the engine, so that "no limit" is not taken for a limit */
  constructor(engine: DockerEngine, options: { hostMemoryBytes?: number; timeoutMs?: number } = {}) {
    this.#engine = engine;
    this.#hostMemoryBytes = options.hostMemoryBytes;
    this.#timeoutMs = options.timeoutMs ?? 10_000;
  }

  /** Asks for every container once. @throws the signal's reason when it is aborted */
  async round(containers: readonly ApiSampledContainer[], signal?: AbortSignal): Promise<SampleRound> {
    const counters = new Map<string, ContainerCounters>();
    const gone: string[] = [];
    const failed = new Map<string, SeatrialError>();
    const waiting = [...containers];
    const worker = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        try {
          const sample = await this.#ask(next, signal);
          if (sample === undefined) gone.push(next.id);
          else counters.set(next.id, sample);
        } catch (error) {
          signal?.throwIfAborted();
          if (error instanceof NoSuchObject) gone.push(next.id);
          else failed.set(next.id, fromTransport(this.#engine.address, error));
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(containers.length, MAX_PARALLEL) }, worker));
    return { counters, gone, failed };
  }

  async #ask(
    { id, startedAt }: ApiSampledContainer,
    signal: AbortSignal | undefined,
  ): Promise<ContainerCounters | undefined> {
    const answer = await this.#engine.oneShotStats(id, {
      timeoutMs: this.#timeoutMs,
      ...(signal === undefined ? {} : { signal }),
    });
    return countersFromStats(answer, {
      epoch: startedAt,
      ...(this.#hostMemoryBytes === undefined ? {} : { hostMemoryBytes: this.#hostMemoryBytes }),
    });
  }
}
