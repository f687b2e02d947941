import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A made-up procfs and cgroupfs of one container, for the cgroup layouts this machine does not have. */
export interface CgroupTree extends Disposable {
  readonly proc: string;
  readonly sys: string;
  set(path: string, text: string): void;
  drop(path: string): void;
}

export const CONTAINER = 'c'.repeat(64);
export const CONTAINER_PID = 4242;

/**
 * @param mounts lines of the mount table: type, mount point below `sys/fs/cgroup`, and for v1 its controllers
 * @param cgroups text of `/proc/<pid>/cgroup`
 * @param files below the root of the tree
 */
export function cgroupTree(
  mounts: readonly { at: string; controllers?: string }[],
  cgroups: string,
  files: Readonly<Record<string, string>>,
): CgroupTree {
  const root = mkdtempSync(join(tmpdir(), 'seatrial-cgroup-'));
  const table = mounts.map(({ at, controllers }, i) => {
    const type = controllers === undefined ? 'cgroup2' : 'cgroup';
    return `${30 + i} 25 0:${26 + i} / ${join(root, 'sys/fs/cgroup', at)} rw - ${type} ${type} rw${controllers === undefined ? '' : `,${controllers}`}\n`;
  });
  const tree: CgroupTree = {
    proc: join(root, 'proc'),
    sys: join(root, 'sys'),
    set(path, text) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    },
    drop: (path) => rmSync(join(root, path), { recursive: true }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
  const stat = ['S', '1', ...Array.from({ length: 17 }, () => '0'), '777', '0'].join(' ');
  const process = { stat: `${CONTAINER_PID} (sh) ${stat}\n`, cgroup: cgroups };
  for (const [name, text] of Object.entries(process)) tree.set(`proc/${CONTAINER_PID}/${name}`, text);
  tree.set('proc/self/mountinfo', table.join(''));
  for (const [path, text] of Object.entries(files)) tree.set(path, text);
  return tree;
}
