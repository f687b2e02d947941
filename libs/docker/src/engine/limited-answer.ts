import type { Dispatcher } from 'undici';

/** A whole answer. */
export interface WholeAnswer {
  readonly status: number;
  readonly text: string;
}

/** Why an answer was not read to its end. */
export class AnswerCut extends Error {
  readonly reason: 'time' | 'size';
  constructor(reason: 'time' | 'size') {
    super(reason === 'time' ? 'the time for the answer is over' : 'the answer is too large');
    this.name = 'AnswerCut';
    this.reason = reason;
  }
}

/**
 * Collects one answer within a time and a size. Undici's low-level handler: streams, promises and abort signals for each request cost more than the request itself.
 */
export class LimitedAnswer implements Dispatcher.DispatchHandler {
  readonly answer: Promise<WholeAnswer>;
  readonly #limitBytes: number;
  readonly #timer: NodeJS.Timeout;
  readonly #settle: PromiseWithResolvers<WholeAnswer>;
  readonly #signal: AbortSignal | undefined;
  #controller: Dispatcher.DispatchController | undefined;
  #status = 0;
  #size = 0;
  #chunks: Buffer[] = [];
  #cut: Error | undefined;

  constructor(limits: { readonly timeoutMs: number; readonly limitBytes: number; readonly signal?: AbortSignal }) {
    this.#limitBytes = limits.limitBytes;
    this.#settle = Promise.withResolvers<WholeAnswer>();
    this.answer = this.#settle.promise;
    this.#timer = setTimeout(() => this.#stop(new AnswerCut('time')), limits.timeoutMs);
    this.#signal = limits.signal;
    this.#signal?.addEventListener('abort', this.#onAbort, { once: true });
    if (this.#signal?.aborted === true) this.#onAbort();
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    // It waited for a free connection and was given up meanwhile.
    if (this.#cut !== undefined) controller.abort(this.#cut);
  }

  onResponseStart(
    _: Dispatcher.DispatchController,
    status: number,
    headers: Record<string, string | string[] | undefined>,
  ): void {
    this.#status = status;
    if (Number(headers['content-length'] ?? 0) > this.#limitBytes) this.#stop(new AnswerCut('size'));
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#size += chunk.length;
    if (this.#size > this.#limitBytes) this.#stop(new AnswerCut('size'));
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    this.#finish();
    const [only] = this.#chunks;
    const whole = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks, this.#size);
    this.#settle.resolve({ status: this.#status, text: whole.toString('utf8') });
  }

  onResponseError(_: Dispatcher.DispatchController, error: Error): void {
    this.#finish();
    this.#settle.reject(error);
  }

  readonly #onAbort = (): void => {
    const reason: unknown = this.#signal?.reason;
    this.#stop(reason instanceof Error ? reason : new Error(String(reason)));
  };

  /** Rejects at once, also while the request still waits for a connection; the connection is destroyed, so the rest is not read. */
  #stop(reason: Error): void {
    this.#cut = reason;
    this.#finish();
    this.#settle.reject(reason);
    this.#controller?.abort(reason);
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#onAbort);
  }
}
