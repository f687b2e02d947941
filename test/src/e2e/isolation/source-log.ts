import type { Bus } from '@seatrial/bus';
import { SourceState, type DataOf } from '@seatrial/contracts';
import { until } from '@seatrial/testing';

/** Every state of a source that was told, read while the block lasts. */
export class SourceLog implements AsyncDisposable {
  readonly all: DataOf<typeof SourceState>[] = [];
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;

  constructor(bus: Bus) {
    this.#reading = this.#read(bus);
  }

  /** States of one source, in order. */
  of(source: string): string[] {
    return this.all.filter((told) => told.source === source).map(({ state }) => state);
  }

  /** Waits until the newest state of a source is this one. */
  async until(source: string, state: string, deadlineMs = 40_000): Promise<DataOf<typeof SourceState>> {
    const newest = () => this.all.findLast((told) => told.source === source);
    await until(`${source} is ${state}`, () => newest()?.state === state, { deadlineMs }).catch((error: unknown) => {
      throw new Error(`${source} is not ${state} but went ${this.of(source).join(', ')}`, { cause: error });
    });
    return newest() as DataOf<typeof SourceState>;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #read(bus: Bus): Promise<void> {
    const messages = bus.read(SourceState, { from: 'all', follow: true, signal: this.#stop.signal });
    for await (const { data } of messages) this.all.push(data);
  }
}
