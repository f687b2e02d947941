import { SeatrialError } from '@seatrial/contracts';

import type { UsageFault } from './parse/fault.ts';

/** The command line is wrong; nothing was sent. */
export class UsageError extends SeatrialError {
  static readonly code = 'E-USAGE';
  constructor(message: string, hint?: string) {
    super(message, { code: UsageError.code, ...(hint !== undefined && { hint }) });
  }

  static from({ message, hint }: UsageFault): UsageError {
    return new UsageError(message, hint);
  }
}

/** A file that the command line names cannot be read or understood. */
export class FileInvalid extends SeatrialError {
  static readonly code = 'E-FILE-INVALID';
  constructor(file: string, reason: string, cause?: unknown) {
    super(`${file}: ${reason}`, { code: FileInvalid.code, cause, details: { file } });
  }
}

/** The system refuses a file of ours: whose it is or what its disk has left is for the person to change. */
export class FileRefused extends SeatrialError {
  static readonly code = 'E-FILE-INVALID';

  private constructor(cause: NodeJS.ErrnoException, [reason, hint]: readonly [string, string]) {
    const file = cause.path ?? 'a file';
    // A link is made at its second path.
    const at = 'dest' in cause && typeof cause.dest === 'string' ? cause.dest : file;
    super(`${at}: ${reason}`, { code: FileRefused.code, cause, hint, details: { file: at } });
  }

  /** Undefined for everything that is not such a refusal. */
  static from(error: unknown): FileRefused | undefined {
    if (!(error instanceof Error)) return undefined;
    const refused: NodeJS.ErrnoException = error;
    const why = refused.syscall === undefined ? undefined : REFUSALS[refused.code ?? ''];
    return why && new FileRefused(refused, why);
  }
}

const OWNER = "Use a checkout that this user may write to; files that root made there stay root's.";
const ROOM = 'Make room on that disk, then run the same command again.';
const REFUSALS: Readonly<Record<string, readonly [reason: string, hint: string]>> = {
  EACCES: ['this user may not do that', OWNER],
  EPERM: ['this user may not do that', OWNER],
  EROFS: ['its file system is read-only', OWNER],
  ENOSPC: ['the disk is full', ROOM],
  EDQUOT: ['the quota of the disk is used up', ROOM],
};

/** Where stdout goes takes nothing more. */
export class OutputError extends SeatrialError {
  static readonly code = 'E-OUTPUT';
  constructor(cause: Error) {
    super('the result could not be written', { code: OutputError.code, cause });
  }
}

/** No object of this name. */
export class NotFound extends SeatrialError {
  static readonly code = 'E-NOT-FOUND';
  constructor(what: string, hint: string | undefined, nearest: readonly string[] = []) {
    super(`there is no ${what}`, { code: NotFound.code, ...(hint !== undefined && { hint }), details: { nearest } });
  }
}

/** A defect: something that no code path should let through. */
export class Defect extends SeatrialError {
  static readonly code = 'E-INTERNAL';
  constructor(cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { code: Defect.code, cause });
  }
}

/** What was asked for did not come in time; it may still happen. */
export class DeadlinePassed extends SeatrialError {
  static readonly code = 'E-DEADLINE';
  constructor(what: string, ms: number, stillRuns: string) {
    super(`${what} within ${ms / 1000} s`, {
      code: DeadlinePassed.code,
      hint: `${stillRuns}; --timeout waits longer.`,
      retryable: true,
      details: { timeoutMs: ms },
    });
  }
}

/** Neither flags nor environment name a bus, and no plane runs in this checkout. */
export class NoPlane extends SeatrialError {
  static readonly code = 'E-BUS-UNREACHABLE';
  constructor() {
    super('no plane runs in this checkout', {
      code: NoPlane.code,
      hint: '`./seatrial up` starts one; `--bus URL` names another.',
      retryable: true,
    });
  }
}
