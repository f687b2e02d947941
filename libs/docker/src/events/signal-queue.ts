/** A queue between a producer that must not wait and one consumer that may: `push` never blocks, the producer asks `full` and decides. */
export class SignalQueue<T> implements AsyncIterable<T> {
  /** Items that may wait; `push` beyond it still works, for the few signals that must get through. */
  readonly limit: number;
  #items: T[] = [];
  #head = 0;
  #ended = false;
  #wakeConsumer: (() => void) | undefined;
  #wakeProducer: (() => void) | undefined;

  constructor(limit: number) {
    this.limit = limit;
  }

  get full(): boolean {
    return this.#waiting >= this.limit;
  }

  push(item: T): void {
    this.#items.push(item);
    this.#wakeConsumer?.();
  }

  /** No more items will come; the consumer gets those that wait, then the end. */
  end(): void {
    this.#ended = true;
    this.#wakeConsumer?.();
  }

  /** Resolves when at most half of the limit waits, or the signal is aborted. For one producer. */
  async halfEmpty(signal: AbortSignal): Promise<void> {
    while (this.#waiting > this.limit / 2 && !signal.aborted) {
      await new Promise<void>((resolve) => {
        this.#wakeProducer = resolve;
        signal.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    for (;;) {
      while (this.#waiting > 0) yield this.#shift();
      if (this.#ended) return;
      await new Promise<void>((resolve) => (this.#wakeConsumer = resolve));
    }
  }

  get #waiting(): number {
    return this.#items.length - this.#head;
  }

  /** Takes the oldest; the array is cut once its used part is the larger one, so that each item moves at most once. */
  #shift(): T {
    const item = this.#items[this.#head++] as T;
    if (this.#head > 64 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    }
    if (this.#waiting <= this.limit / 2) this.#wakeProducer?.();
    return item;
  }
}
