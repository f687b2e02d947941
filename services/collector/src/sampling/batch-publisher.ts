import { setTimeout as wait } from 'node:timers/promises';

import type { Bus } from '@seatrial/bus';
import { SampleBatches, SeatrialError, type SampleBatch } from '@seatrial/contracts';
import type { ServiceLog } from '@seatrial/service';

/** A batch and the id that makes publishing it twice harmless. */
interface Waiting {
  readonly id: string;
  readonly batch: SampleBatch;
}

/** Batches that may wait for the bus: some minutes of a mid-sized estate. */
const QUEUE = 64;
/** Publishes in flight. */
const WINDOW = 16;
/** How long one batch is tried, ms: what is older is of no use to a live view, and the queue behind it is full of newer ones. */
const DEADLINE_MS = 15 * 60_000;
/** Pause before another try when the bus answers but does not store, ms. */
const RETRY_MS = 1_000;

/**
 * Publishes batches with bounded memory: while the bus does not answer, the newest are kept and the oldest dropped, which is counted. Sources of this version have no
 * buffer of their own, so what is dropped here is a gap in the history.
 */
export class BatchPublisher {
  readonly #bus: Pick<Bus, 'publish'>;
  readonly #log: Pick<ServiceLog, 'warn'>;
  readonly #retryMs: number;
  readonly #queue: Waiting[] = [];
  readonly #stop = new AbortController();
  #inFlight = 0;
  #idle: (() => void)[] = [];
  /** Samples dropped: because the queue was full, because the bus refused them, because the process stopped. */
  readonly dropped = { queueFull: 0, refused: 0, stopped: 0 };
  /** Samples that the bus acknowledged. */
  published = 0;

  constructor(bus: Pick<Bus, 'publish'>, log: Pick<ServiceLog, 'warn'>, options: { readonly retryMs?: number } = {}) {
    this.#bus = bus;
    this.#log = log;
    this.#retryMs = options.retryMs ?? RETRY_MS;
  }

  /** Batches that wait, without those in flight. */
  get depth(): number {
    return this.#queue.length;
  }

  add(id: string, batch: SampleBatch): void {
    if (this.#stop.signal.aborted) {
      this.dropped.stopped += batch.vs.length;
      return;
    }
    this.#queue.push({ id, batch });
    this.#pump();
    while (this.#queue.length > QUEUE) this.dropped.queueFull += this.#queue.shift()?.batch.vs.length ?? 0;
  }

  /** Publishes what waits, for at most so long; then gives up the rest and takes nothing more. Safe to repeat. */
  async stop(graceMs: number): Promise<void> {
    const timer = setTimeout(() => this.#giveUp(), graceMs);
    await this.#drained();
    clearTimeout(timer);
    this.#giveUp();
  }

  #giveUp(): void {
    this.#stop.abort();
    for (const { batch } of this.#queue.splice(0)) this.dropped.stopped += batch.vs.length;
  }

  async #drained(): Promise<void> {
    if (this.#queue.length === 0 && this.#inFlight === 0) return;
    await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  #pump(): void {
    while (this.#inFlight < WINDOW) {
      const next = this.#queue.shift();
      if (next === undefined) break;
      this.#inFlight++;
      void this.#publish(next).finally(() => {
        this.#inFlight--;
        this.#pump();
      });
    }
    if (this.#queue.length > 0 || this.#inFlight > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  async #publish({ id, batch }: Waiting): Promise<void> {
    const { signal } = this.#stop;
    const end = performance.now() + DEADLINE_MS;
    for (;;) {
      try {
        await this.#bus.publish(SampleBatches, batch, { id, signal, deadlineMs: end - performance.now() });
        this.published += batch.vs.length;
        return;
      } catch (error) {
        if (!signal.aborted && isPassing(error) && performance.now() < end) {
          await wait(this.#retryMs, undefined, { signal }).catch(() => undefined);
          if (!signal.aborted) continue;
        }
        if (signal.aborted) this.dropped.stopped += batch.vs.length;
        else {
          this.dropped.refused += batch.vs.length;
          this.#log.warn({ err: error, samples: batch.vs.length }, 'a batch of samples was refused');
        }
        return;
      }
    }
  }
}

/** True for a bus that may take the same batch later: its disk is full, or it restarts. */
function isPassing(error: unknown): boolean {
  return error instanceof SeatrialError && error.retryable;
}
