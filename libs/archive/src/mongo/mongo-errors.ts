import { SeatrialError } from '@seatrial/contracts';
import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoParseError,
  MongoServerError,
  MongoServerSelectionError,
} from 'mongodb';

import { ArchiveClosed, ArchiveFull, ArchiveInvalid, ArchiveIo, ArchiveUnreachable } from '../errors.ts';

/** `DuplicateKey`: what was to be inserted is already there. */
const DUPLICATE_KEY = 11_000;
/** `OutOfDiskSpace` of MongoDB. */
const OUT_OF_DISK_SPACE = 14_031;
/** FerretDB passes the text of its backend on. */
const DISK_FULL_TEXT = /disk is full|no space left|OutOfDiskSpace/i;
/** Codes of the socket: a bulk write whose connection ended passes them on as they are, in a class of its own. */
const LOST = new Set([
  'EPIPE',
  'ECONNRESET',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
/** Names of what the driver throws after `close`. */
const CLOSED = new Set([
  'MongoClientClosedError',
  'MongoTopologyClosedError',
  'MongoNotConnectedError',
  'MongoPoolClosedError',
  'PoolClosedError',
]);

/** Names the cause of what the driver threw. `where` is the address without credentials. */
export function mongoError(thrown: unknown, where: string): unknown {
  if (thrown instanceof SeatrialError || !(thrown instanceof MongoError)) return thrown;
  // A bulk write wraps what ended it.
  const wrapped: unknown = thrown instanceof MongoBulkWriteError ? thrown.errorResponse : undefined;
  const error = wrapped instanceof MongoError ? wrapped : thrown;
  const text = `${where}: ${error.message}`;
  if (CLOSED.has(error.name)) return new ArchiveClosed(undefined, error);
  if (error instanceof MongoParseError) return new ArchiveInvalid(text, error);
  if (error instanceof MongoServerSelectionError || error instanceof MongoNetworkError || LOST.has(String(error.code)))
    return new ArchiveUnreachable(text, error);
  if (error.code === OUT_OF_DISK_SPACE || DISK_FULL_TEXT.test(error.message)) return new ArchiveFull(text, error);
  return new ArchiveIo(text, error);
}

/** Positions of the documents that were there already, when an unordered insert failed for no other reason. */
export function duplicatesOf(error: unknown): number[] | undefined {
  if (error instanceof MongoBulkWriteError) {
    const failures = [error.writeErrors].flat();
    return failures.length > 0 && failures.every((f) => f.code === DUPLICATE_KEY)
      ? failures.map((f) => f.index)
      : undefined;
  }
  return error instanceof MongoServerError && error.code === DUPLICATE_KEY ? [0] : undefined;
}

/** An address that may be shown: no user, no password, also where the password holds a `/` or `@` that should have been escaped. */
export const withoutCredentials = (url: string): string => url.replace(/\/\/.*@/, '//');
