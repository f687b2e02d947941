import { parseMountInfo, type MountEntry } from '../kernel-files/mountinfo.ts';
import { readKernelFile } from '../kernel-files/read.ts';
import type { HostRoots } from '../roots.ts';
import type { CgroupMembership } from './membership.ts';

/** Controllers we read from. `blkio` of v1 is `io` of v2; `cpuacct` is part of `cpu` there. */
export type CgroupController = 'cpu' | 'cpuacct' | 'memory' | 'pids' | 'blkio' | 'devices';

/** Where a controller of one process is read. */
export interface CgroupPlace {
  readonly version: 1 | 2;
  /** Directory with the controller's files. */
  readonly directory: string;
}

/**
 * Finds the directories of a process, one controller at a time. Hybrid hosts have both versions mounted: `0::/docker/...` is there although v1 is in force, and
 * `cpu` and `cpuacct` may be one mount or two. So a controller that some v1 hierarchy holds is v1, and only the others are v2.
 */
export class CgroupLocator {
  readonly #v1: ReadonlyMap<string, MountEntry>;
  readonly #v2: MountEntry | undefined;

  constructor(mounts: readonly MountEntry[], sysRoot: string) {
    const below = mounts.filter((mount) => mount.fsType === 'cgroup' || mount.fsType === 'cgroup2');
    // In a container our own cgroup file systems are mounted beside the host's; those below the given root are meant.
    const chosen = below.filter((mount) => mount.mountPoint.startsWith(`${sysRoot}/`));
    const usable = chosen.length > 0 ? chosen : below;
    this.#v2 = usable.find((mount) => mount.fsType === 'cgroup2');
    this.#v1 = new Map(
      usable
        .filter((mount) => mount.fsType === 'cgroup')
        .flatMap((mount) => mount.superOptions.map((option) => [option, mount] as const)),
    );
  }

  /** Looks at this process's own mount table. @throws the errno of the system when it cannot be read */
  static fromProc(roots: HostRoots): CgroupLocator {
    return new CgroupLocator(parseMountInfo(readKernelFile(`${roots.proc}/self/mountinfo`)) ?? [], roots.sys);
  }

  /** The version in force for most controllers; undefined when no cgroup file system is mounted. */
  get version(): 1 | 2 | undefined {
    if (this.#v1.has('memory') || this.#v1.has('cpu')) return 1;
    return this.#v2 === undefined ? undefined : 2;
  }

  /** Where to read a controller for a process; undefined when it is not mounted here, or its path lies outside of what is mounted (a foreign cgroup namespace). */
  place(controller: CgroupController, memberships: readonly CgroupMembership[]): CgroupPlace | undefined {
    const v1Mount = this.#v1.get(controller);
    if (v1Mount !== undefined) {
      const membership = memberships.find(({ controllers }) => controllers.includes(controller));
      return placeIn(1, v1Mount, membership?.path);
    }
    return this.unifiedPlace(memberships);
  }

  /** The process's directory in the v2 hierarchy, also on hybrid hosts: pressure files are there whatever version the controllers have. */
  unifiedPlace(memberships: readonly CgroupMembership[]): CgroupPlace | undefined {
    const unified = memberships.find(({ controllers }) => controllers.length === 0);
    return this.#v2 === undefined ? undefined : placeIn(2, this.#v2, unified?.path);
  }
}

/** The mount may show a part of the hierarchy only (`root` is not `/`): paths are relative to that part. */
function placeIn(version: 1 | 2, mount: MountEntry, path: string | undefined): CgroupPlace | undefined {
  if (path === undefined || path.split('/').includes('..')) return undefined;
  if (mount.root === '/') return { version, directory: `${mount.mountPoint}${path === '/' ? '' : path}` };
  if (path !== mount.root && !path.startsWith(`${mount.root}/`)) return undefined;
  return { version, directory: `${mount.mountPoint}${path.slice(mount.root.length)}` };
}
