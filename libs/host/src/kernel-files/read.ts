import { closeSync, openSync, readSync } from 'node:fs';

/** The file holds more than the caller is willing to read. */
export class KernelFileTooLarge extends Error {
  readonly code = 'EFBIG';
  constructor(path: string, limitBytes: number) {
    super(`${path} is larger than ${limitBytes} bytes`);
    this.name = 'KernelFileTooLarge';
  }
}

/** One buffer for all reads: they are synchronous, so nobody else touches it between filling and decoding. */
const shared = Buffer.allocUnsafe(64 * 1024);

/** Most of what we read is a few hundred bytes; a mount table of a busy host has some 100 kB. */
export const SMALL_FILE_LIMIT = 1024 * 1024;

/**
 * Reads a file of procfs, sysfs or cgroupfs. Synchronous on purpose: these files are made in memory by the kernel, and the thread pool of the asynchronous call
 * costs ten times as much CPU. Their size is not known before, so they are read to the end.
 * @throws the errno of the system, or KernelFileTooLarge
 */
export function readKernelFile(path: string, limitBytes: number = SMALL_FILE_LIMIT): string {
  const fd = openSync(path, 'r');
  try {
    return readToEnd(fd, path, limitBytes);
  } finally {
    closeSync(fd);
  }
}

/** Reads an open file from its beginning, wherever it was read to before. @throws as `readKernelFile` */
export function readToEnd(fd: number, path: string, limitBytes: number): string {
  // Only an empty read is the end: a file of several records is handed out in whole records, and a long one may leave the read before it short.
  let total = 0;
  let earlier: Buffer[] | undefined;
  let filled = 0;
  for (;;) {
    const size = readSync(fd, shared, filled, shared.length - filled, total);
    if (size === 0) break;
    total += size;
    filled += size;
    if (total > limitBytes) throw new KernelFileTooLarge(path, limitBytes);
    if (filled === shared.length) {
      (earlier ??= []).push(Buffer.from(shared));
      filled = 0;
    }
  }
  if (earlier === undefined) return shared.toString('utf8', 0, filled);
  return Buffer.concat([...earlier, shared.subarray(0, filled)], total).toString('utf8');
}
