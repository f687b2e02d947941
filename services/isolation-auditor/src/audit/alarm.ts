/** A pause that may be ended before its time. */
export class Alarm {
  #rung = false;
  #wake: (() => void) | undefined;

  /** Ends the pause that is under way, or the next one at once. */
  ring(): void {
    this.#rung = true;
    this.#wake?.();
  }

  /** Resolves after the time, when it rings, or when the signal aborts. @param ms `Infinity`: no time */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    if (!this.#rung && !signal.aborted) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const wake = (): void => resolve();
      this.#wake = wake;
      signal.addEventListener('abort', wake);
      const timer = Number.isFinite(ms) ? setTimeout(wake, ms) : undefined;
      await promise;
      clearTimeout(timer);
      signal.removeEventListener('abort', wake);
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}
