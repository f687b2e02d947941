import { setTimeout as wait } from 'node:timers/promises';

/** A clock that never goes back, and waiting on it. Injected in tests. */
export interface MonotonicClock {
  /** Milliseconds since some fixed moment. */
  now(): number;
  /** Resolves after `ms`, or at once when the signal aborts. Never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** CLOCK_MONOTONIC: goes on while the process is stopped (SIGSTOP), so a holder that comes back knows what it missed. */
export class ProcessClock implements MonotonicClock {
  now(): number {
    return performance.now();
  }

  async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    await wait(Math.max(0, ms), undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
  }
}
