import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk that is soon full. */
export interface SmallDisk {
  readonly folder: string;
  /** Why there is none; undefined when there is one. */
  readonly refused?: string;
  remove(): void;
}

/** Mounts a tmpfs of this size. Where that is not possible it says why. */
export function smallDisk(mib: number): SmallDisk {
  const folder = mkdtempSync(join(tmpdir(), 'seatrial-disk-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mib}m`, 'tmpfs', folder], { stdio: 'pipe' });
  } catch {
    rmSync(folder, { recursive: true });
    return { folder, refused: 'this user may not mount a tmpfs', remove: () => undefined };
  }
  const { bsize, blocks } = statfsSync(folder);
  const remove = (): void => {
    execFileSync('umount', [folder]);
    rmSync(folder, { recursive: true });
  };
  if (bsize * blocks === mib * 1024 * 1024) return { folder, remove };
  remove();
  return { folder, refused: 'the size of a tmpfs is not kept here', remove: () => undefined };
}
