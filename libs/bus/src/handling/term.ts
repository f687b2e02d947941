import { SeatrialError } from '@seatrial/contracts';

/** The handler did not end in its time. The message is delivered again. */
export class HandlerOvertime extends SeatrialError {
  static readonly code = 'E-DEADLINE';
  constructor(handler: string, ms: number) {
    super(`${handler} did not end within ${ms} ms`, {
      code: HandlerOvertime.code,
      hint: 'Split the work, or give the handler more time with maxHandlerMs.',
      retryable: true,
    });
  }
}

/** The process stops before the handler ended. The message is delivered again. */
export class HandlerStopped extends SeatrialError {
  static readonly code = 'E-BUS-CLOSED';
  constructor(handler: string) {
    super(`${handler} was stopped by the shutdown of its process`, { code: HandlerStopped.code, retryable: true });
  }
}

/** Time a handler has to end after its signal aborted, before it is left behind, ms. */
const GRACE_MS = 2_000;

/** The time of one call of a handler. */
export class Term {
  /** Length, ms. */
  readonly ms: number;
  /** On the monotonic clock of the process, ms. */
  readonly endsAt: number;
  readonly #close: (term: Term) => void;
  #controller: AbortController | undefined;
  #reason: Error | undefined;
  #leave: (() => void) | undefined;
  #grace: NodeJS.Timeout | undefined;

  constructor(ms: number, close: (term: Term) => void) {
    this.ms = ms;
    this.endsAt = performance.now() + ms;
    this.#close = close;
  }

  /** Aborts when the time is up or the process stops. Made when somebody looks: most handlers end long before. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController();
      if (this.#reason !== undefined) this.#controller.abort(this.#reason);
    }
    return this.#controller.signal;
  }

  get aborted(): boolean {
    return this.#reason !== undefined;
  }

  /** Ends the time early. */
  abort(reason: Error): void {
    if (this.#reason !== undefined) return;
    this.#reason = reason;
    this.#controller?.abort(reason);
    this.#leave?.();
  }

  /** Result of the work; the reason of the abort when the work does not heed its signal. */
  hold<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#leave = () => {
        this.#grace = setTimeout(() => reject(this.#reason), GRACE_MS);
      };
      if (this.aborted) this.#leave();
      work.then(resolve, reject);
    });
  }

  /** Waits; rejects with the reason when the time ends. */
  async pause(ms: number): Promise<void> {
    const signal = this.signal;
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const stop = (): void => {
        clearTimeout(timer);
        reject(signal.reason as Error);
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', stop);
        resolve();
      }, ms);
      signal.addEventListener('abort', stop, { once: true });
    });
  }

  /** Ends the time: nothing aborts any more. */
  close(): void {
    clearTimeout(this.#grace);
    this.#leave = undefined;
    this.#close(this);
  }
}

/**
 * The times of all calls of one handler: one timer and one look at the shutdown serve them all. A timer and a listener for each message would cost as
 * much as the rest of its settlement.
 */
export class Terms {
  readonly #handler: string;
  readonly #ms: number;
  readonly #shutdown: AbortSignal;
  readonly #open = new Set<Term>();
  readonly #close = (term: Term): void => void this.#open.delete(term);
  #timer: NodeJS.Timeout | undefined;
  #wakesAt = Number.POSITIVE_INFINITY;

  /** @param ms time of a call that is given no other */
  constructor(handler: string, ms: number, shutdown: AbortSignal) {
    this.#handler = handler;
    this.#ms = ms;
    this.#shutdown = shutdown;
    shutdown.addEventListener('abort', () => this.#stop(), { once: true });
  }

  /** Begins the time of one call; `close` ends it. */
  open(ms = this.#ms): Term {
    const term = new Term(ms, this.#close);
    if (this.#shutdown.aborted) term.abort(new HandlerStopped(this.#handler));
    this.#open.add(term);
    // The timer stays when the call ends; most of the time it serves one that began later.
    if (term.endsAt < this.#wakesAt) this.#wakeAt(term.endsAt);
    return term;
  }

  #wakeAt(at: number): void {
    clearTimeout(this.#timer);
    this.#wakesAt = at;
    this.#timer = setTimeout(() => this.#expire(), Math.max(1, Math.ceil(at - performance.now()))).unref();
  }

  #expire(): void {
    this.#wakesAt = Number.POSITIVE_INFINITY;
    const now = performance.now();
    let next = Number.POSITIVE_INFINITY;
    for (const term of this.#open) {
      if (term.endsAt > now) next = Math.min(next, term.endsAt);
      else {
        this.#open.delete(term);
        term.abort(new HandlerOvertime(this.#handler, term.ms));
      }
    }
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next);
  }

  #stop(): void {
    for (const term of this.#open) term.abort(new HandlerStopped(this.#handler));
  }
}
