import { closeSync, openSync } from 'node:fs';
import { readToEnd, SMALL_FILE_LIMIT } from './read.ts';

/**
 * A file of the kernel that is read again and again: opened once, read from its beginning each time. A fifth of the CPU of opening it anew.
 * A read error means that what it described is gone (ENODEV for a cgroup). `/proc/<pid>/net/dev` is the exception: it goes on answering after the process ended,
 * so its owner must close it then.
 */
export class KeptFile implements Disposable {
  readonly path: string;
  readonly #limitBytes: number;
  #fd: number | undefined;

  /** @throws the errno of the system */
  constructor(path: string, limitBytes: number = SMALL_FILE_LIMIT) {
    this.path = path;
    this.#limitBytes = limitBytes;
    this.#fd = openSync(path, 'r');
  }

  /** Opens the file, or undefined when it does not exist or may not be read: a measurement that is not there is left out. Other errors are thrown. */
  static openIfThere(path: string, limitBytes?: number): KeptFile | undefined {
    try {
      return new KeptFile(path, limitBytes);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EOPNOTSUPP', 'EINVAL'].includes(errnoOf(error))) return undefined;
      throw error;
    }
  }

  /** The whole text as it is now. @throws the errno of the system; EBADF after it was closed */
  read(): string {
    if (this.#fd === undefined) throw Object.assign(new Error(`${this.path} is closed`), { code: 'EBADF' });
    return readToEnd(this.#fd, this.path, this.#limitBytes);
  }

  /** Safe to repeat. */
  [Symbol.dispose](): void {
    if (this.#fd === undefined) return;
    closeSync(this.#fd);
    this.#fd = undefined;
  }
}

/** `ENOENT` and the like; empty when the error carries none. */
export function errnoOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
