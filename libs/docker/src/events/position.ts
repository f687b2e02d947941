import { hash } from 'node:crypto';
import { parseSince, sinceText } from './event.ts';

/** Replays start this much before the last event: events logged at the same time by two threads of the engine may be published in the other order. */
const OVERLAP_NANO = 2_000_000_000n;
/** The engine itself replays from a ring of 256 events, so an event it can send again is among our last 256; the rest is room for engines with a larger ring. */
const REMEMBERED = 4096;

/**
 * How far a stream of events was read, and which of the latest were seen: a stream that was cut resumes a little earlier, and what comes again is recognised.
 */
export class StreamPosition {
  readonly #seen = new Set<string>();
  #lastNano: bigint | undefined;
  #startNano: bigint | undefined;

  /** @param since `sec.nanos` to start from, e.g. the `text` an earlier process stored. @throws SyntaxError when it is malformed */
  constructor(since?: string) {
    if (since !== undefined) this.#startNano = parseSince(since);
  }

  /** Where a new connection must start; undefined = from now on. */
  get since(): string | undefined {
    if (this.#lastNano !== undefined)
      return sinceText(this.#lastNano > OVERLAP_NANO ? this.#lastNano - OVERLAP_NANO : 0n);
    return this.#startNano === undefined ? undefined : sinceText(this.#startNano);
  }

  /** Takes the engine's clock as the start when nothing better is known, so that a cut before the first event loses none. */
  startAt(engineTimeMs: number): void {
    this.#startNano ??= BigInt(engineTimeMs) * 1_000_000n;
  }

  /** True for a line that was not seen yet; remembers it. The engine writes the same event as the same text each time. */
  admit(line: string, timeNano: bigint): boolean {
    const digest = hash('sha256', line, 'base64'); // a line may hold all labels of its object: keep 44 characters of it
    if (this.#seen.has(digest)) return false;
    this.#seen.add(digest);
    if (this.#seen.size > REMEMBERED) this.#forgetOldest();
    // The latest received, not the greatest: the engine's clock may be set back.
    this.#lastNano = timeNano;
    return true;
  }

  #forgetOldest(): void {
    for (const oldest of this.#seen) {
      this.#seen.delete(oldest);
      return;
    }
  }
}
