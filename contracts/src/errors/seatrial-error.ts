/** What an error carries besides its text. */
export interface SeatrialErrorOptions {
  /** Stable code of the registry, e.g. `E-BUS-UNREACHABLE`. */
  readonly code: string;
  /** What the reader can do about it, one sentence. Defaults to the registry's hint at the place that prints it. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** The same call may succeed later without a change. @default false */
  readonly retryable?: boolean;
  /** Machine-readable facts (path, field, limit). Never a secret. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/**
 * Base of every error that leaves a package. The message states the cause, `hint` the remedy, `code` is stable and listed in `ERROR_CODES`.
 */
export class SeatrialError extends Error {
  readonly code: string;
  readonly hint: string | undefined;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, options: SeatrialErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = options.code;
    this.hint = options.hint;
    this.retryable = options.retryable ?? false;
    this.details = options.details ?? {};
  }
}
