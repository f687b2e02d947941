import { errorCode, SeatrialError } from '@seatrial/contracts';
import { neutralise, toJsonText, wrap } from '@seatrial/report';

import { Defect, FileRefused, UsageError } from '../errors.ts';
import { UsageFault } from '../parse/fault.ts';

/** Where the text forms find their page. */
const DOCS = 'docs/reference/errors.md';

/** An error as it is reported: text or JSON on stderr, and the exit code. */
export interface ErrorReport {
  readonly text: string;
  readonly json: string;
  readonly exit: number;
}

/** Turns whatever a verb threw into its report. What is not an error of ours is reported as a defect, with its stack. */
export function reportError(error: unknown, traceId?: string): ErrorReport {
  const known = asSeatrialError(error);
  const entry = errorCode(known.code);
  const hint = known.hint ?? entry.hint;
  const cause = causeOf(known);
  const body = {
    code: known.code,
    message: known.message,
    hint,
    retryable: known.retryable,
    ...(traceId !== undefined && { traceId }),
    details: { ...known.details, ...(cause !== undefined && { cause }) },
  };
  const lines = [
    `error[${known.code}]: ${neutralise(known.message)}`,
    ...(cause === undefined ? [] : line('cause', cause)),
    ...line('hint', hint),
    ...(traceId === undefined ? [] : line('trace', traceId)),
    ...line('docs', `${DOCS}#${known.code.toLowerCase()}`),
    ...(known instanceof Defect && known.cause instanceof Error
      ? (known.cause.stack ?? '').split('\n').slice(1, 6).map(neutralise)
      : []),
  ];
  return { text: `${lines.join('\n')}\n`, json: `${toJsonText({ error: body }, 0)}\n`, exit: entry.exit };
}

function asSeatrialError(error: unknown): SeatrialError {
  if (error instanceof UsageFault) return UsageError.from(error);
  // Packages may be loaded twice (bundle and source); the shape is what counts.
  if (
    error instanceof SeatrialError ||
    (error instanceof Error && 'code' in error && 'retryable' in error && 'details' in error)
  )
    return error as SeatrialError;
  return FileRefused.from(error) ?? new Defect(error);
}

/** The innermost reason that adds something to the message. */
function causeOf(error: Error): string | undefined {
  let at: unknown = error.cause;
  let reason: string | undefined;
  for (let depth = 0; at instanceof Error && depth < 5; depth += 1) {
    if (at.message !== '' && !error.message.includes(at.message)) reason = at.message;
    at = at.cause;
  }
  return reason;
}

function line(name: string, text: string): string[] {
  return wrap(neutralise(text), 72).map((part, at) =>
    at === 0 ? `  ${`${name}:`.padEnd(7)}${part}` : `         ${part}`,
  );
}
