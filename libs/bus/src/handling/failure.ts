import { ERROR_CODES, SeatrialError, type Code } from '@seatrial/contracts';

import { Unrecoverable } from './refusal.ts';

/** What is kept of an error: in a dead letter, in `command-settled`, in an error reply. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  readonly retryable: boolean;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Longest text of an error that is passed on; headers stay under 1 kB. */
const MAX_TEXT = 500;

/** Reads any thrown value. What is not ours has the code `E-BUS-HANDLER`. */
export function failureOf(error: unknown): Failure {
  if (error instanceof SeatrialError)
    return {
      code: error.code,
      message: error.message.slice(0, MAX_TEXT),
      ...(error.hint === undefined ? {} : { hint: error.hint.slice(0, MAX_TEXT) }),
      retryable: error.retryable,
      details: error.details,
    };
  const message = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return { code: 'E-BUS-HANDLER', message: message.slice(0, MAX_TEXT), retryable: false, details: {} };
}

/** A failure that was not thrown. */
export function plainFailure(code: Code, message: string): Failure {
  return { code, message: message.slice(0, MAX_TEXT), hint: ERROR_CODES[code].hint, retryable: false, details: {} };
}

/** True for an error that no further try can mend. */
export function isFinal(error: unknown): boolean {
  return error instanceof Unrecoverable;
}
