import { posix } from 'node:path';

/** Where the kernel's file systems of the host are mounted, seen from this process. */
export interface HostRootOptions {
  /** Mount point of the host's procfs, e.g. `/host/proc` in a container. @default /proc */
  readonly procRoot?: string;
  /** Mount point of the host's sysfs. @default /sys */
  readonly sysRoot?: string;
}

/** Both roots, absolute and without a slash at the end. */
export interface HostRoots {
  readonly proc: string;
  readonly sys: string;
}

/** @throws RangeError when a root is not an absolute path */
export function compileHostRoots(options: HostRootOptions = {}): HostRoots {
  return {
    proc: absolute('procRoot', options.procRoot ?? '/proc'),
    sys: absolute('sysRoot', options.sysRoot ?? '/sys'),
  };
}

function absolute(option: string, path: string): string {
  if (!posix.isAbsolute(path)) throw new RangeError(`${option} must be an absolute path, not ${JSON.stringify(path)}`);
  return posix.resolve(path);
}
