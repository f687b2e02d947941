/** Messages between who receives them and who reads them. One reader. */
export class Queue<T> {
  readonly #limit: number;
  readonly #items: T[] = [];
  #head = 0;
  #wake: (() => void) | undefined;
  #ended = false;
  #error: Error | undefined;
  /** Items dropped because the reader was slow. */
  dropped = 0;

  /** Beyond `limit` the oldest item is dropped. */
  constructor(limit = Number.POSITIVE_INFINITY) {
    this.#limit = limit;
  }

  push(item: T): void {
    if (this.#ended) return;
    this.#items.push(item);
    if (this.#items.length - this.#head > this.#limit) {
      this.#head += 1;
      this.dropped += 1;
    }
    this.#compact();
    this.#wake?.();
  }

  /** The reader gets what is queued, then ends, or throws `error`. */
  end(error?: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    this.#wake?.();
  }

  /** The reader ends at once; what is queued is discarded. */
  discard(): void {
    this.#items.length = 0;
    this.#head = 0;
    this.end();
  }

  /** Next item, or undefined at the end. */
  async next(): Promise<{ readonly item: T } | undefined> {
    for (;;) {
      if (this.#head < this.#items.length) {
        const item = this.#items[this.#head++] as T;
        this.#compact();
        return { item };
      }
      if (this.#ended) {
        if (this.#error !== undefined) throw this.#error;
        return undefined;
      }
      await new Promise<void>((resolve) => (this.#wake = resolve));
      this.#wake = undefined;
    }
  }

  /** Taking from the front of an array costs its length; moving an index does not. */
  #compact(): void {
    if (this.#head === this.#items.length) {
      this.#items.length = 0;
      this.#head = 0;
    } else if (this.#head >= 1_024 && this.#head * 2 > this.#items.length) {
      this.#items.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
