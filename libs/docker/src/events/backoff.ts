/** Waiting times between tries: doubling from `firstMs` to `maxMs`, each with full jitter in its upper half so that many clients do not come back at once. */
export class Backoff {
  readonly #firstMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #tries = 0;

  constructor(options: { firstMs: number; maxMs: number; random?: () => number }) {
    this.#firstMs = options.firstMs;
    this.#maxMs = options.maxMs;
    this.#random = options.random ?? Math.random;
  }

  /** The next waiting time, ms. */
  next(): number {
    const ceiling = Math.min(this.#maxMs, this.#firstMs * 2 ** Math.min(this.#tries++, 30));
    return Math.round(ceiling / 2 + (this.#random() * ceiling) / 2);
  }

  /** The other side works again. */
  reset(): void {
    this.#tries = 0;
  }
}
