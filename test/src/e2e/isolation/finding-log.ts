import type { Bus, Received } from '@seatrial/bus';
import { FindingChanged, type DataOf } from '@seatrial/contracts';
import { until } from '@seatrial/testing';

type Change = Received<DataOf<typeof FindingChanged>>;

/** Every finding event of a stream from its beginning on, read while the block lasts. */
export class FindingLog implements AsyncDisposable {
  readonly all: Change[] = [];
  readonly #stop = new AbortController();
  readonly #reading: Promise<void>;

  constructor(bus: Bus) {
    this.#reading = this.#read(bus);
  }

  /** Changes of one container, named or by id: `dkr.x.y open`, `dkr.x.y resolved fixed`. */
  of(target: string): string[] {
    return this.changes(target).map(({ data: { checkId, state, reason } }) =>
      [checkId, state, reason].filter((word) => word !== undefined).join(' '),
    );
  }

  changes(target: string, checkId?: string): Change[] {
    return this.all.filter(
      ({ data }) =>
        (data.target.name === target || data.target.id === target) &&
        (checkId === undefined || data.checkId === checkId),
    );
  }

  /** Waits for a change of a container, in the words of `of`; gives the newest of these. */
  async until(target: string, words: string, deadlineMs = 30_000): Promise<Change> {
    const position = (): number => this.of(target).lastIndexOf(words);
    await until(`${target}: ${words}`, () => position() >= 0, { deadlineMs }).catch((error: unknown) => {
      throw new Error(`${target}: no "${words}" among\n${this.of(target).join('\n')}`, { cause: error });
    });
    return this.changes(target)[position()] as Change;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#reading;
  }

  async #read(bus: Bus): Promise<void> {
    const messages = bus.read(FindingChanged, { from: 'all', follow: true, signal: this.#stop.signal });
    for await (const message of messages) this.all.push(message);
  }
}
