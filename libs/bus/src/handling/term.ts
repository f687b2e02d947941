import { SeatrialError } from '@seatrial/contracts';

/** The handler did not end in its time. The message is delivered again. */
export class HandlerOvertime extends SeatrialError {
  static readonly code = 'E-DEADLINE';
  constructor(handler: string, ms: number) {
    super(`${handler} did not end within ${Math.round(ms / 1000)} s`, {
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

/** The time of one handler: aborts `signal` when it is up or when the process stops. */
export class Term implements Disposable {
  readonly #abort = new AbortController();
  readonly #timer: NodeJS.Timeout;
  readonly #shutdown: AbortSignal;
  readonly #onShutdown: () => void;

  constructor(handler: string, ms: number, shutdown: AbortSignal) {
    this.#shutdown = shutdown;
    this.#timer = setTimeout(() => this.#abort.abort(new HandlerOvertime(handler, ms)), ms);
    this.#onShutdown = () => this.#abort.abort(new HandlerStopped(handler));
    if (shutdown.aborted) this.#onShutdown();
    else shutdown.addEventListener('abort', this.#onShutdown, { once: true });
  }

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Result of the work, or the reason of the abort when the work does not heed its signal. */
  async hold<T>(work: Promise<T>): Promise<T> {
    let grace: NodeJS.Timeout | undefined;
    const signal = this.signal;
    const left = new Promise<never>((_, reject) => {
      const wait = (): void => {
        grace = setTimeout(() => reject(signal.reason as Error), GRACE_MS);
      };
      if (signal.aborted) wait();
      else signal.addEventListener('abort', wait, { once: true });
    });
    try {
      return await Promise.race([work, left]);
    } finally {
      clearTimeout(grace);
    }
  }

  /** Waits; rejects with the reason when the signal aborts. */
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

  [Symbol.dispose](): void {
    clearTimeout(this.#timer);
    this.#shutdown.removeEventListener('abort', this.#onShutdown);
  }
}
