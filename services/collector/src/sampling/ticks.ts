import { setTimeout as wait } from 'node:timers/promises';

/** One firing of a loop. */
export interface Tick {
  /** Epoch ms it was due, a multiple of the interval. */
  readonly dueMs: number;
  /** Firings that were left out since the one before, because it took too long. */
  readonly skipped: number;
}

/** What a loop stands on; tests give their own. */
export interface Clock {
  readonly now: () => number;
  /** Resolves after so many ms, rejects when the signal aborts. */
  readonly wait: (ms: number, signal: AbortSignal) => Promise<unknown>;
}

const wallClock: Clock = { now: Date.now, wait: (ms, signal) => wait(ms, undefined, { signal }) };

/**
 * Fires at multiples of the interval, so that the ticks of several targets line up. A firing that is still running when the next is due makes that one be skipped,
 * not queued: a queue would only grow. A clock that is set back does not silence the loop. Ends when the signal aborts.
 * @param after epoch ms of a tick that was given already
 */
export async function* ticks(
  intervalMs: number,
  signal: AbortSignal,
  clock: Clock = wallClock,
  after: number = clock.now(),
): AsyncGenerator<Tick, void, void> {
  for (let last = Math.floor(after / intervalMs) * intervalMs; !signal.aborted;) {
    const now = clock.now();
    let due = Math.ceil(now / intervalMs) * intervalMs;
    // A timer may fire a little early; a clock set back by more than an interval starts a new count.
    if (due <= last && last - due < intervalMs) due = last + intervalMs;
    const skipped = Math.max(0, Math.round((due - last) / intervalMs) - 1);
    try {
      await clock.wait(Math.max(0, due - now), signal);
    } catch {
      return;
    }
    last = due;
    yield { dueMs: due, skipped };
  }
}

const WARM_UP_MS = 1_000;

/** Two ticks within two seconds, so that rates exist at once; then one an interval. */
export async function* warmUpThen(
  intervalMs: number,
  signal: AbortSignal,
  clock: Clock = wallClock,
): AsyncGenerator<Tick, void, void> {
  let after = clock.now();
  if (intervalMs > WARM_UP_MS) {
    let warm = 0;
    for await (const tick of ticks(WARM_UP_MS, signal, clock)) {
      after = tick.dueMs;
      yield tick;
      if (++warm === 2) break;
    }
  }
  yield* ticks(intervalMs, signal, clock, after);
}
