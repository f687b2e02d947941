// Not the whole registry: the thread of the database would load its schemas, 12 MB, for nothing.
import { SeatrialError } from '@seatrial/contracts/errors';

/** What crosses the worker boundary instead of an error object. */
export interface ErrorShape {
  readonly code: string;
  readonly message: string;
}

/** The disk is full. Nothing of the failed write is stored; it may be repeated once there is room. */
export class ArchiveFull extends SeatrialError {
  static readonly code = 'E-ARCHIVE-FULL';
  constructor(message: string, cause?: unknown) {
    super(message, {
      code: ArchiveFull.code,
      cause,
      retryable: true,
      hint: 'Free disk space; nothing is acknowledged until there is room.',
    });
  }
}

/** The file is not a database of the archive, or is damaged. */
export class ArchiveCorrupt extends SeatrialError {
  static readonly code = 'E-ARCHIVE-CORRUPT';
  constructor(message: string, cause?: unknown) {
    super(message, {
      code: ArchiveCorrupt.code,
      cause,
      hint: 'Move the file away; a new one is made at the next start.',
    });
  }
}

/** The database does not answer. */
export class ArchiveUnreachable extends SeatrialError {
  static readonly code = 'E-ARCHIVE-UNREACHABLE';
  constructor(message: string, cause?: unknown) {
    super(message, {
      code: ArchiveUnreachable.code,
      cause,
      retryable: true,
      hint: 'Check SEATRIAL_ARCHIVE and that the database runs.',
    });
  }
}

/** Used after `close`. */
export class ArchiveClosed extends SeatrialError {
  static readonly code = 'E-ARCHIVE-CLOSED';
  constructor(message = 'the archive is closed', cause?: unknown) {
    super(message, {
      code: ArchiveClosed.code,
      cause,
      hint: 'This is a defect of the caller: close the archive last.',
    });
  }
}

/** The database could not be opened, read or written for another reason: permission, input/output error, held by another process. */
export class ArchiveIo extends SeatrialError {
  static readonly code = 'E-ARCHIVE-IO';
  constructor(message: string, cause?: unknown) {
    super(message, {
      code: ArchiveIo.code,
      cause,
      retryable: true,
      hint: 'The message names the place; check its permissions and that no other process holds it.',
    });
  }
}

/** A query, record or batch is malformed, or asks for too much at once. */
export class ArchiveInvalid extends SeatrialError {
  static readonly code = 'E-ARCHIVE-INVALID';
  constructor(message: string, cause?: unknown) {
    super(message, { code: ArchiveInvalid.code, cause, hint: 'The message names the field and its range.' });
  }
}

const CLASSES = [ArchiveFull, ArchiveCorrupt, ArchiveUnreachable, ArchiveClosed, ArchiveIo, ArchiveInvalid];

/** Rebuilds the error that another thread reported. */
export function errorOf({ code, message }: ErrorShape): SeatrialError {
  const Class = CLASSES.find((c) => c.code === code);
  return Class ? new Class(message) : new SeatrialError(message, { code });
}

/** The part of an error that crosses a thread. */
export function shapeOf(error: unknown): ErrorShape {
  if (error instanceof SeatrialError) return { code: error.code, message: error.message };
  return { code: 'E-INTERNAL', message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
}
