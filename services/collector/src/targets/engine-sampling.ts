import { once } from 'node:events';

import type { SeatrialError } from '@seatrial/contracts';
import { SampleColumns } from '@seatrial/estate';

import { CountersWithheld } from '../errors.ts';
import { warmUpThen, type Tick } from '../sampling/ticks.ts';
import type { ContainerSamplers, TickResult } from './container-samplers.ts';
import type { SessionOptions, SessionParts } from './session-parts.ts';

/** The two sampling loops of one engine: cgroup files often, its API less often. Each has its own interval, which its batches carry. */
export class EngineSampling implements Disposable {
  readonly #parts: SessionParts;
  readonly #options: SessionOptions;
  readonly #ready = new EventTarget();
  readonly #gone = new Set<string>();
  readonly #faults = new Map<string, SeatrialError | undefined>();
  #samplers: ContainerSamplers | undefined;
  /** The engine answers: its API may be asked. */
  answering = false;

  constructor(parts: SessionParts, options: SessionOptions) {
    this.#parts = parts;
    this.#options = options;
  }

  /** Undefined until the engine was listed for the first time. */
  get samplers(): ContainerSamplers | undefined {
    return this.#samplers;
  }
  set samplers(samplers: ContainerSamplers | undefined) {
    this.#samplers = samplers;
    this.#ready.dispatchEvent(new Event('ready'));
  }

  /** Why containers could not be read in the last tick. */
  get fault(): SeatrialError | undefined {
    const withheld = this.#samplers?.withheld ?? 0;
    return (
      [...this.#faults.values()].find((fault) => fault !== undefined) ??
      (withheld > 0 ? new CountersWithheld(withheld) : undefined)
    );
  }

  /** Containers that were found ended, once each. */
  takeGone(): string[] {
    const ids = [...this.#gone];
    this.#gone.clear();
    return ids;
  }

  /** Both loops; they end when the signal aborts. */
  loops(signal: AbortSignal): Promise<void>[] {
    const { intervalS, apiIntervalS } = this.#options;
    return [
      this.#loop('cgroup', intervalS, signal, (samplers, columns) => samplers.sampleLocal(columns)),
      this.#loop('api', apiIntervalS, signal, async (samplers, columns) =>
        this.answering ? samplers.sampleRemote(columns, signal) : { gone: [], fault: undefined },
      ),
    ];
  }

  [Symbol.dispose](): void {
    this.#samplers?.[Symbol.dispose]();
  }

  async #loop(
    name: string,
    intervalS: number,
    signal: AbortSignal,
    sample: (samplers: ContainerSamplers, columns: SampleColumns) => Promise<TickResult>,
  ): Promise<void> {
    const samplers = await this.#untilReady(signal);
    if (samplers === undefined) return;
    for await (const tick of warmUpThen(intervalS * 1000, signal)) {
      await this.#parts.cycles.cycle(`${this.#options.id}/${name}`, tick.skipped, () =>
        this.#tick(name, intervalS, tick, signal, (columns) => sample(samplers, columns)),
      );
    }
  }

  async #tick(
    loop: string,
    iv: number,
    { dueMs }: Tick,
    signal: AbortSignal,
    sample: (columns: SampleColumns) => Promise<TickResult>,
  ): Promise<void> {
    const { publisher, board, cycles, fence: f } = this.#parts;
    const tgt = this.#options.id;
    const columns = new SampleColumns({ src: 'docker', tgt, f, t0: dueMs, iv });
    const { gone, fault } = await sample(columns);
    if (signal.aborted) return;
    this.#faults.set(loop, fault);
    for (const id of gone) this.#gone.add(id);
    const nothingDue = this.answering && this.#samplers?.idle === true;
    if (columns.samples === 0 && !nothingDue) return;
    for (const [chunk, batch] of columns.take().entries())
      publisher.add(`${tgt}:${loop}:${f}:${dueMs}:${chunk}`, batch);
    cycles.sampledAtMs.set(tgt, Date.now());
    await board.sampled(Date.now());
  }

  async #untilReady(signal: AbortSignal): Promise<ContainerSamplers | undefined> {
    if (this.#samplers === undefined) await once(this.#ready, 'ready', { signal }).catch(() => undefined);
    return this.#samplers;
  }
}
