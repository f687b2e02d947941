import { SeatrialError } from '@seatrial/contracts/errors';

import { ArchiveClosed, ArchiveCorrupt, ArchiveFull, ArchiveIo } from '../errors.ts';

/** Result codes of SQLite, https://sqlite.org/rescode.html */
const SQLITE = {
  BUSY: 5,
  LOCKED: 6,
  READONLY: 8,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  NOTADB: 26,
  IOERR_SHMSIZE: 4874,
} as const;

/** Names the cause of what node:sqlite threw. A wrong statement is our defect and stays as it is. */
export function sqliteError(error: unknown, path: string): unknown {
  if (error instanceof SeatrialError || !(error instanceof Error)) return error;
  const { code, errcode } = error as Error & { code?: unknown; errcode?: unknown };
  if (code === 'ERR_INVALID_STATE') return new ArchiveClosed(undefined, error);
  if (code !== 'ERR_SQLITE_ERROR' || typeof errcode !== 'number') return error;
  const text = `${path}: ${error.message}`;
  // The shared-memory index is extended before use; on a full disk that has a code of its own.
  if (errcode === SQLITE.IOERR_SHMSIZE) return new ArchiveFull(text, error);
  switch (errcode & 0xff) {
    case SQLITE.FULL:
      return new ArchiveFull(text, error);
    case SQLITE.CORRUPT:
    case SQLITE.NOTADB:
      return new ArchiveCorrupt(text, error);
    case SQLITE.BUSY:
    case SQLITE.LOCKED:
    case SQLITE.READONLY:
    case SQLITE.IOERR:
    case SQLITE.CANTOPEN:
      return new ArchiveIo(text, error);
    default:
      return error;
  }
}
