import { setImmediate } from 'node:timers/promises';

/**
 * Lets many pieces of synchronous work run one after the other and gives the event loop a turn whenever they have held it for `sliceMs`. A piece that runs longer is
 * not interrupted.
 */
export class Turns {
  readonly #sliceMs: number;
  #tail: Promise<unknown> = Promise.resolve();
  #since = 0;

  constructor(sliceMs: number) {
    this.#sliceMs = sliceMs;
  }

  /** Runs `work` after what was handed in before. Rejects with what it throws. */
  take<T>(work: () => T): Promise<T> {
    const turn = this.#tail.then(async () => {
      if (performance.now() - this.#since > this.#sliceMs) {
        await setImmediate();
        this.#since = performance.now();
      }
      return work();
    });
    this.#tail = turn.catch(() => undefined);
    return turn;
  }
}

/** One for the process: all readers together hold the loop, whoever calls them. */
export const sharedTurns = new Turns(5);
