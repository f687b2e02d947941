import type { ContainerInspect } from '@seatrial/docker';

/** What an event said about a container. */
export interface Mention {
  readonly action: string;
  /** Position of the event in the stream. */
  readonly position: string;
  /** RFC 3339. */
  readonly at: string;
  /** Configuration that was read when the container was created, in case that it is gone before its turn. */
  readonly held?: Promise<ContainerInspect | undefined>;
}

/** Containers that events have named and nobody has looked at yet. Several events of one container while an audit runs are one look: it sees the newest state anyway. */
export class Pending {
  readonly #mentions = new Map<string, Mention>();
  #taken: ReadonlyMap<string, Mention> = new Map();
  #wake: (() => void) | undefined;

  /** Containers that wait. */
  get size(): number {
    return this.#mentions.size;
  }

  /** The container waits, or is being looked at. */
  has(id: string): boolean {
    return this.#mentions.has(id) || this.#taken.has(id);
  }

  add(id: string, mention: Mention): void {
    const first = this.#mentions.get(id);
    // The first mention is kept: the delay from event to finding is counted from it.
    const held = first?.held ?? mention.held;
    this.#mentions.set(id, { ...(first ?? mention), ...(held !== undefined && { held }) });
    this.#wake?.();
  }

  /** Everything named so far; waits for the first. Empty when the signal aborts. What was taken before counts as looked at. */
  async take(signal: AbortSignal): Promise<ReadonlyMap<string, Mention>> {
    this.#taken = new Map();
    while (this.#mentions.size === 0 && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = (): void => resolve();
      this.#wake = wake;
      signal.addEventListener('abort', wake);
      await promise;
      signal.removeEventListener('abort', wake);
    }
    this.#taken = new Map(this.#mentions);
    this.#mentions.clear();
    return this.#taken;
  }
}
