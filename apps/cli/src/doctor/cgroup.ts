import { readFileSync } from 'node:fs';
import type { Unread } from './check.ts';

/** From the mounts, as the kernel lists them: a hybrid host has both, with the controllers split between them. */
export function cgroupVersion(): '1' | '2' | '1 and 2' | Unread {
  try {
    const mounts = readFileSync('/proc/self/mounts', 'utf8').split('\n');
    const types = new Set(mounts.map((line) => line.split(' ')[2]));
    if (types.has('cgroup')) return types.has('cgroup2') ? '1 and 2' : '1';
    return types.has('cgroup2') ? '2' : { unread: 'none is mounted' };
  } catch (error) {
    return { unread: error instanceof Error ? error.message : String(error) };
  }
}
