import { describe, expect, test } from 'vitest';
import { parseMountInfo } from '../kernel-files/mountinfo.ts';
import { CgroupLocator } from './locate.ts';
import { belongsToContainer, parseCgroupMembership } from './membership.ts';

const ID = 'ec84862a6651ce28c722f622ec0556c70411bce5b2151b79f1a0e8291cd90e42';

const V1_JOINED = [
  '30 25 0:26 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct',
  '31 25 0:27 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
  '32 25 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd',
];
const V2 = ['30 25 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate'];
const HYBRID = [
  '32 31 0:29 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu',
  '33 31 0:30 / /sys/fs/cgroup/cpuacct rw - cgroup cgroup rw,cpuacct',
  '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory',
  '41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw',
];

function locator(mounts: readonly string[], sysRoot = '/sys'): CgroupLocator {
  return new CgroupLocator(parseMountInfo(`${mounts.join('\n')}\n`) ?? [], sysRoot);
}

const hybridProcess = parseCgroupMembership(
  `9:name=systemd:/docker/${ID}\n4:memory:/docker/${ID}\n2:cpuacct:/docker/${ID}\n1:cpu:/docker/${ID}\n0::/docker/${ID}\n`,
);

describe('where a controller is read', () => {
  test('v1 with cpu and cpuacct on one mount', () => {
    const memberships = parseCgroupMembership(
      `4:cpu,cpuacct:/docker/${ID}\n5:memory:/docker/${ID}\n1:name=systemd:/x\n`,
    );
    const v1 = locator(V1_JOINED);
    const directory = `/sys/fs/cgroup/cpu,cpuacct/docker/${ID}`;
    expect(v1.place('cpu', memberships)).toEqual({ version: 1, directory });
    expect(v1.place('cpuacct', memberships)).toEqual({ version: 1, directory });
    expect(v1.place('pids', memberships)).toBeUndefined();
    expect(v1.unifiedPlace(memberships)).toBeUndefined();
    expect(v1.version).toBe(1);
  });

  test('v2 with the layout of systemd', () => {
    const memberships = parseCgroupMembership(`0::/system.slice/docker-${ID}.scope\n`);
    const v2 = locator(V2);
    expect(v2.place('memory', memberships)).toEqual({
      version: 2,
      directory: `/sys/fs/cgroup/system.slice/docker-${ID}.scope`,
    });
    expect(v2.version).toBe(2);
  });

  test('hybrid: 0::/docker/... is there, but a controller that v1 holds is read there, each from its own mount', () => {
    const hybrid = locator(HYBRID);
    expect(hybrid.place('cpu', hybridProcess)).toEqual({ version: 1, directory: `/sys/fs/cgroup/cpu/docker/${ID}` });
    expect(hybrid.place('cpuacct', hybridProcess)?.directory).toBe(`/sys/fs/cgroup/cpuacct/docker/${ID}`);
    expect(hybrid.unifiedPlace(hybridProcess)).toEqual({
      version: 2,
      directory: `/sys/fs/cgroup/unified/docker/${ID}`,
    });
    expect(hybrid.version).toBe(1);
  });

  test('in a container the mounts of the host are meant, not its own', () => {
    const own = '50 40 0:32 /docker/self /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory';
    const host = '60 40 0:32 / /host/sys/fs/cgroup/memory ro - cgroup cgroup rw,memory';
    expect(locator([own, host], '/host/sys').place('memory', hybridProcess)?.directory).toBe(
      `/host/sys/fs/cgroup/memory/docker/${ID}`,
    );
  });

  test('a mount that shows a part of the hierarchy holds only what is below that part', () => {
    const part = locator(['50 40 0:32 /docker /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory']);
    expect(part.place('memory', hybridProcess)?.directory).toBe(`/sys/fs/cgroup/memory/${ID}`);
    const other = locator(['50 40 0:32 /docker/other /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory']);
    expect(other.place('memory', hybridProcess)).toBeUndefined();
  });

  test('a path outside of our cgroup namespace is not guessed', () => {
    expect(locator(V2).place('memory', parseCgroupMembership(`0::/../${ID}\n`))).toBeUndefined();
  });

  test('nothing mounted: no version, no place', () => {
    const none = locator(['1 1 0:1 / / rw - ext4 /dev/vda rw']);
    expect(none.version).toBeUndefined();
    expect(none.place('memory', hybridProcess)).toBeUndefined();
  });
});

test('a process belongs to a container when one of its cgroups names it', () => {
  expect(belongsToContainer(hybridProcess, ID)).toBe(true);
  expect(belongsToContainer(parseCgroupMembership(`0::/system.slice/docker-${ID}.scope/init\n`), ID)).toBe(true);
  expect(belongsToContainer(hybridProcess, 'f'.repeat(64))).toBe(false);
  expect(belongsToContainer(hybridProcess, '')).toBe(false);
});
