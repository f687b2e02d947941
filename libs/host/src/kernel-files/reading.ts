import { errnoOf } from './kept-file.ts';
import { readKernelFile } from './read.ts';

/** Why something could not be read: refused, its process or cgroup ended, or this kernel has no such thing (or it is malformed or over its limit). */
export type MissingReason = 'denied' | 'gone' | 'unsupported';

/** One thing that was read from the kernel and where, or why it could not be. Never an empty value in place of a missing one. */
export type Reading<T> =
  | { readonly value: T; readonly ref: string }
  | { readonly missing: MissingReason; readonly detail: string };

/** Reads a file and takes one value from it; `parse` returns undefined for a text that is not what it should be. */
export function readingOf<T>(
  path: string,
  ref: string,
  parse: (text: string) => T | undefined,
  limitBytes?: number,
): Reading<T> {
  let text: string;
  try {
    text = readKernelFile(path, limitBytes);
  } catch (error) {
    return missingFrom(error, path);
  }
  return readingFrom(ref, parse(text));
}

/** A value that was parsed, or that the text did not hold it. */
export function readingFrom<T>(ref: string, value: T | undefined): Reading<T> {
  return value === undefined ? { missing: 'unsupported', detail: `${ref} is absent or malformed` } : { value, ref };
}

/** What a failed read means. A file that does not exist is `unsupported`: whether its process is gone is found out by its start time. */
export function missingFrom(error: unknown, path: string): { missing: MissingReason; detail: string } {
  const errno = errnoOf(error);
  switch (errno) {
    case 'EACCES':
    case 'EPERM':
      return { missing: 'denied', detail: `reading ${path} was refused (${errno})` };
    case 'ESRCH':
    case 'ENODEV':
      return { missing: 'gone', detail: `${path} belongs to something that ended (${errno})` };
    case 'ENOENT':
      return { missing: 'unsupported', detail: `${path} does not exist` };
    default:
      return { missing: 'unsupported', detail: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
