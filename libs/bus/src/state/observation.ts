/**
 * What a contender may conclude from looking at a lease key. Wall clocks play no part: the same revision seen for `ttl + margin` on the observer's own
 * monotonic clock means that the holder has not renewed for that long, and a holder stops before `ttl` has passed on its own.
 */
export class Observation {
  readonly #patienceMs: number;
  #revision: number | undefined;
  #since = 0;

  constructor(ttlMs: number, marginMs: number) {
    this.#patienceMs = ttlMs + marginMs;
  }

  /** Takes one look: the revision of the key, undefined when it is gone (released, or the bucket's max age passed). */
  see(revision: number | undefined, nowMs: number): 'free' | 'held' | 'expired' {
    if (revision === undefined) {
      this.#revision = undefined;
      return 'free';
    }
    if (revision !== this.#revision) {
      this.#revision = revision;
      this.#since = nowMs;
      return 'held';
    }
    return nowMs - this.#since >= this.#patienceMs ? 'expired' : 'held';
  }
}
