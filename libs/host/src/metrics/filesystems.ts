import { statfs } from 'node:fs/promises';
import { parseMountInfo, type MountEntry } from '../kernel-files/mountinfo.ts';
import { readKernelFile } from '../kernel-files/read.ts';
import { compileHostRoots, type HostRootOptions } from '../roots.ts';

/** Room on one file system of the host. */
export interface FilesystemState {
  readonly mountPoint: string;
  readonly device: string;
  readonly fsType: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
  /** Free for users other than root. */
  readonly availableBytes: number;
  readonly files?: number;
  readonly filesFree?: number;
}

/** File systems on disks of this machine. Network ones are left out (a dead server blocks the call for ever), so are those made in memory. */
const ON_DISK = new Set([
  'ext2',
  'ext3',
  'ext4',
  'xfs',
  'btrfs',
  'f2fs',
  'vfat',
  'exfat',
  'zfs',
  'ntfs3',
  'bcachefs',
  'jfs',
  'erofs',
]);
const TIMEOUT_MS = 2_000;

/**
 * Room on the host's disks, one entry a file system however often it is mounted. Undefined when the host's mount table cannot be read; a file system that does not
 * answer in time is left out.
 */
export async function readFilesystems(options: HostRootOptions = {}): Promise<FilesystemState[] | undefined> {
  const { proc } = compileHostRoots(options);
  // In a container the host's table and its root are those of the host's pid 1.
  const own = proc === '/proc';
  const mounts = mountTable(`${proc}/${own ? 'self' : '1'}/mountinfo`);
  if (mounts === undefined) return undefined;
  const prefix = own ? '' : `${proc}/1/root`;
  const states = await Promise.all(oncePerDevice(mounts).map((mount) => stateOf(mount, prefix)));
  return states.filter((state) => state !== undefined);
}

function mountTable(path: string): MountEntry[] | undefined {
  try {
    return parseMountInfo(readKernelFile(path));
  } catch {
    return undefined;
  }
}

/** The mount of the whole file system, else the one with the shortest path: bind mounts show the same numbers again. */
function oncePerDevice(mounts: readonly MountEntry[]): MountEntry[] {
  const chosen = new Map<string, MountEntry>();
  for (const mount of mounts) {
    if (!ON_DISK.has(mount.fsType)) continue;
    const known = chosen.get(mount.device);
    if (known === undefined || rank(mount) < rank(known)) chosen.set(mount.device, mount);
  }
  return [...chosen.values()];
}

function rank({ root, mountPoint }: MountEntry): number {
  return (root === '/' ? 0 : 10_000) + mountPoint.length;
}

async function stateOf(mount: MountEntry, prefix: string): Promise<FilesystemState | undefined> {
  const { mountPoint, source: device, fsType } = mount;
  const answer = statfs(`${prefix}${mountPoint}`).catch(() => undefined);
  const { promise: late, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(() => resolve(undefined), TIMEOUT_MS);
  const stats = await Promise.race([answer, late]).finally(() => clearTimeout(timer));
  if (stats === undefined || stats.blocks === 0) return undefined;
  return {
    mountPoint,
    device,
    fsType,
    totalBytes: stats.blocks * stats.bsize,
    freeBytes: stats.bfree * stats.bsize,
    availableBytes: stats.bavail * stats.bsize,
    // btrfs and others count no inodes and say 0.
    ...(stats.files > 0 ? { files: stats.files, filesFree: stats.ffree } : {}),
  };
}
