import { RevisionConflict, type Bucket, type Bus } from '@seatrial/bus';
import { Watermarks, type ValueOf } from '@seatrial/contracts';

type Mark = ValueOf<typeof Watermarks>;

/** Shortest time between two writes, ms: an event that is published twice after a crash has the same id and does no harm. */
const SAVE_EVERY_MS = 500;

/** How far the event stream of a target has been published; kept on the bus so that a successor continues there. */
export class EventPosition {
  readonly #bucket: Pick<Bucket<Mark>, 'get' | 'create' | 'update'>;
  readonly #key: string;
  readonly #saveEveryMs: number;
  #reached: Pick<Mark, 'eventSince' | 'eventId'> = {};
  #savedSince: string | undefined;
  #revision = 0;
  #writing: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #fault: unknown;

  private constructor(bus: Pick<Bus, 'bucket'>, target: string, saveEveryMs: number) {
    this.#bucket = bus.bucket(Watermarks);
    this.#key = `${target}.events`;
    this.#saveEveryMs = saveEveryMs;
  }

  /** Reads where the poller before stopped. */
  static async open(
    bus: Pick<Bus, 'bucket'>,
    target: string,
    options: { readonly saveEveryMs?: number } = {},
  ): Promise<EventPosition> {
    const position = new EventPosition(bus, target, options.saveEveryMs ?? SAVE_EVERY_MS);
    const entry = await position.#bucket.get(position.#key);
    position.#reached = entry?.value ?? {};
    position.#savedSince = entry?.value.eventSince;
    position.#revision = entry?.revision ?? 0;
    return position;
  }

  /** `seconds.nanoseconds`; undefined when nothing was published yet. */
  get since(): string | undefined {
    return this.#reached.eventSince;
  }

  /** True for the very last event that was published: a stream that starts at its position gives it once more. */
  isLast(id: string): boolean {
    return this.#reached.eventId === id;
  }

  /** Everything up to here is published. The first of a burst is saved at once, the others together. @throws what the save before failed with */
  reached(since: string, id: string): void {
    if (this.#fault !== undefined) throw this.#fault as Error;
    this.#reached = { eventSince: since, eventId: id };
    if (this.#timer !== undefined) return;
    this.#saveBeside();
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#saveBeside();
    }, this.#saveEveryMs).unref();
  }

  /** Resolves when it is saved. */
  save(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    // One after the other: each write expects the revision of the one before.
    const mine = this.#writing.then(() => this.#write());
    this.#writing = mine.catch(() => undefined);
    return mine;
  }

  #saveBeside(): void {
    const mine = this.#writing.then(() => this.#write());
    this.#writing = mine.catch((error: unknown) => void (this.#fault = error));
  }

  async #write(): Promise<void> {
    const reached = this.#reached;
    if (reached.eventSince === undefined || reached.eventSince === this.#savedSince) return;
    const mark = { ...reached, updatedAt: new Date().toISOString() };
    try {
      this.#revision =
        this.#revision === 0
          ? await this.#bucket.create(this.#key, mark)
          : await this.#bucket.update(this.#key, mark, this.#revision);
      this.#savedSince = reached.eventSince;
    } catch (error) {
      // Another poller has taken over: its position counts.
      if (!(error instanceof RevisionConflict)) throw error;
      this.#savedSince = reached.eventSince;
    }
  }
}
