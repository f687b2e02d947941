import { readdirSync } from 'node:fs';
import { CgroupLocator } from '@seatrial/host';
import { describe, expect, test } from 'vitest';
import { CgroupReader } from './reader.ts';
import { CONTAINER, CONTAINER_PID, type CgroupTree, cgroupTree } from './tree.ts';

const NET_DEV =
  'Inter-|\n face |\n    lo: 9 9 0 0 0 0 0 0 9 9 0 0 0 0 0 0\n  eth0: 100 2 0 1 0 0 0 0 200 3 0 0 0 0 0 0\n';

/** Docker under systemd on cgroup v2; text as kernel 6.1 prints it. */
function v2(): CgroupTree {
  const dir = `sys/fs/cgroup/system.slice/docker-${CONTAINER}.scope`;
  return cgroupTree([{ at: '.' }], `0::/system.slice/docker-${CONTAINER}.scope\n`, {
    [`${dir}/cpu.stat`]:
      'usage_usec 5000\nuser_usec 3000\nsystem_usec 2000\ncore_sched.force_idle_usec 0\nnr_periods 10\nnr_throttled 4\nthrottled_usec 600\nnr_bursts 0\nburst_usec 0\n',
    [`${dir}/cpu.max`]: '150000 100000\n',
    [`${dir}/memory.current`]: '1000000\n',
    [`${dir}/memory.stat`]:
      'anon 400000\nfile 500000\nkernel 100000\nfile_mapped 7\ninactive_anon 0\nactive_anon 400000\ninactive_file 300000\nactive_file 200000\npgfault 77\npgmajfault 3\n',
    [`${dir}/memory.max`]: 'max\n',
    [`${dir}/memory.events`]: 'low 0\nhigh 0\nmax 5\noom 2\noom_kill 1\noom_group_kill 0\n',
    [`${dir}/pids.current`]: '6\n',
    [`${dir}/pids.max`]: '100\n',
    [`${dir}/io.stat`]:
      '8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n253:1 rbytes=100 wbytes=0 rios=1 wios=0 dbytes=0 dios=0\n',
    [`${dir}/cpu.pressure`]:
      'some avg10=1.00 avg60=0.50 avg300=0.10 total=42\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=7\n',
    [`proc/${CONTAINER_PID}/net/dev`]: NET_DEV,
  });
}

/** cgroupfs driver on cgroup v1 with the joined mounts of most distributions. */
function v1(): CgroupTree {
  const at = (controller: string, file: string): string => `sys/fs/cgroup/${controller}/docker/${CONTAINER}/${file}`;
  return cgroupTree(
    [
      { at: 'cpu,cpuacct', controllers: 'cpu,cpuacct' },
      { at: 'memory', controllers: 'memory' },
      { at: 'blkio', controllers: 'blkio' },
      { at: 'pids', controllers: 'pids' },
    ],
    ['cpu,cpuacct', 'memory', 'blkio', 'pids'].map((names, i) => `${i + 2}:${names}:/docker/${CONTAINER}\n`).join(''),
    {
      [at('cpu,cpuacct', 'cpu.stat')]: 'nr_periods 10\nnr_throttled 4\nthrottled_time 600000\n',
      [at('cpu,cpuacct', 'cpu.cfs_quota_us')]: '-1\n',
      [at('cpu,cpuacct', 'cpu.cfs_period_us')]: '100000\n',
      [at('cpu,cpuacct', 'cpuacct.usage')]: '5000000\n',
      [at('cpu,cpuacct', 'cpuacct.stat')]: 'user 3\nsystem 2\n',
      [at('memory', 'memory.usage_in_bytes')]: '1000000\n',
      [at('memory', 'memory.stat')]:
        'cache 1\nrss 2\ninactive_file 3\npgfault 4\nhierarchical_memory_limit 9223372036854771712\ntotal_cache 500000\ntotal_rss 400000\ntotal_pgfault 77\ntotal_pgmajfault 3\ntotal_inactive_file 300000\n',
      [at('memory', 'memory.limit_in_bytes')]: '9223372036854771712\n',
      [at('memory', 'memory.oom_control')]: 'oom_kill_disable 0\nunder_oom 0\noom_kill 1\n',
      [at('blkio', 'blkio.throttle.io_service_bytes')]:
        '8:0 Read 4096\n8:0 Write 8192\n8:0 Sync 12288\n8:0 Async 0\n8:0 Total 12288\n253:1 Read 100\n253:1 Write 0\n253:1 Total 100\nTotal 12388\n',
      [at('blkio', 'blkio.throttle.io_serviced')]: 'Total 0\n',
      [at('pids', 'pids.current')]: '6\n',
      [at('pids', 'pids.max')]: 'max\n',
      [`proc/${CONTAINER_PID}/net/dev`]: NET_DEV,
    },
  );
}

function open(tree: CgroupTree, ownNetwork = true): CgroupReader {
  return new CgroupReader({
    procRoot: tree.proc,
    sysRoot: tree.sys,
    containerId: CONTAINER,
    pid: CONTAINER_PID,
    ownNetwork,
  });
}

describe('both versions give the same counters in the same units', () => {
  const COMMON = {
    epoch: `${CONTAINER_PID}.777`,
    cpuTotalNanos: 5_000_000,
    cpuPeriods: 10,
    cpuThrottledPeriods: 4,
    cpuThrottledNanos: 600_000,
    memoryUsageBytes: 1_000_000,
    memoryWorkingSetBytes: 700_000,
    memoryRssBytes: 400_000,
    memoryCacheBytes: 500_000,
    pageFaults: 77,
    majorPageFaults: 3,
    oomKills: 1,
    ioReadBytes: 4196,
    ioWriteBytes: 8192,
    pids: 6,
    network: [
      {
        name: 'eth0',
        rxBytes: 100,
        rxPackets: 2,
        rxErrors: 0,
        rxDropped: 1,
        txBytes: 200,
        txPackets: 3,
        txErrors: 0,
        txDropped: 0,
      },
    ],
  };

  test('v2, with pressure and limits', () => {
    using tree = v2();
    using reader = open(tree);
    expect(reader.sample()).toEqual({
      ...COMMON,
      atMs: expect.any(Number),
      cpuUserNanos: 3_000_000,
      cpuSystemNanos: 2_000_000,
      cpuLimitCores: 1.5,
      ioReadOperations: 2,
      ioWriteOperations: 2,
      pidsLimit: 100,
      cpuPressure: {
        some: { avg10Percent: 1, avg60Percent: 0.5, avg300Percent: 0.1, totalMicros: 42 },
        full: { avg10Percent: 0, avg60Percent: 0, avg300Percent: 0, totalMicros: 7 },
      },
    });
  });

  test('v1, where a limit that is not set is the largest number or -1', () => {
    using tree = v1();
    using reader = open(tree);
    expect(reader.sample()).toEqual({
      ...COMMON,
      atMs: expect.any(Number),
      cpuUserNanos: 30_000_000,
      cpuSystemNanos: 20_000_000,
      ioReadOperations: 0,
      ioWriteOperations: 0,
    });
  });

  test('hybrid: v1 counters and the pressure of the v2 hierarchy', () => {
    using tree = v1();
    const mounts = `90 25 0:90 / ${tree.sys}/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n`;
    const table = ['cpu,cpuacct', 'memory', 'blkio', 'pids'].map(
      (names, i) => `${30 + i} 25 0:${i} / ${tree.sys}/fs/cgroup/${names} rw - cgroup cgroup rw,${names}\n`,
    );
    tree.set('proc/self/mountinfo', mounts + table.join(''));
    tree.set(
      `proc/${CONTAINER_PID}/cgroup`,
      `2:cpu,cpuacct:/docker/${CONTAINER}\n3:memory:/docker/${CONTAINER}\n0::/docker/${CONTAINER}\n`,
    );
    tree.set(
      `sys/fs/cgroup/unified/docker/${CONTAINER}/memory.pressure`,
      'some avg10=9.00 avg60=0.00 avg300=0.00 total=1\n',
    );
    // A trap: the v2 directory has a cpu.stat of its own.
    tree.set(`sys/fs/cgroup/unified/docker/${CONTAINER}/cpu.stat`, 'usage_usec 1\n');
    using reader = open(tree);
    expect(reader.sample()).toMatchObject({ cpuTotalNanos: 5_000_000, memoryPressure: { some: { avg10Percent: 9 } } });
    expect(reader.sample()).not.toHaveProperty('pids');
  });
});

describe('what is not there is absent, never zero', () => {
  test('a file, a key or a malformed number', () => {
    using tree = v2();
    const dir = `sys/fs/cgroup/system.slice/docker-${CONTAINER}.scope`;
    tree.drop(`${dir}/pids.current`);
    tree.drop(`${dir}/io.stat`);
    tree.set(`${dir}/memory.stat`, 'anon 400000\n');
    tree.set(`${dir}/cpu.max`, 'garbage\n');
    using reader = open(tree);
    const sample = reader.sample();
    for (const absent of [
      'pids',
      'ioReadBytes',
      'memoryWorkingSetBytes',
      'pageFaults',
      'cpuLimitCores',
      'memoryPressure',
    ]) {
      expect(sample).not.toHaveProperty(absent);
    }
    expect(sample).toMatchObject({ memoryRssBytes: 400_000, memoryUsageBytes: 1_000_000 });
  });

  test('the network of a container that shares another is not its own', () => {
    using tree = v2();
    using reader = open(tree, false);
    expect(reader.sample()).not.toHaveProperty('network');
  });

  test('a v1 block file without its closing line was cut and says nothing', () => {
    using tree = v1();
    tree.set(`sys/fs/cgroup/blkio/docker/${CONTAINER}/blkio.throttle.io_service_bytes`, '8:0 Read 4096\n');
    using reader = open(tree);
    expect(reader.sample()).not.toHaveProperty('ioReadBytes');
  });
});

describe('a reader that cannot be opened leaves nothing open', () => {
  test.each<[string, (tree: CgroupTree) => void]>([
    ['the process is gone', (tree) => tree.drop(`proc/${CONTAINER_PID}`)],
    [
      'the pid is somebody else’s',
      (tree) => tree.set(`proc/${CONTAINER_PID}/cgroup`, `0::/system.slice/docker-${'d'.repeat(64)}.scope\n`),
    ],
    [
      'no cgroup file system is mounted',
      (tree) => tree.set('proc/self/mountinfo', '1 1 0:1 / / rw - ext4 /dev/vda rw\n'),
    ],
  ])('%s', (_, spoil) => {
    using tree = v2();
    spoil(tree);
    const before = readdirSync('/proc/self/fd').length;
    expect(() => open(tree)).toThrow(expect.objectContaining({ code: 'W-ESTATE-CAPABILITY' }));
    expect(readdirSync('/proc/self/fd')).toHaveLength(before);
  });
});

test('a pid that is used again while its files are opened is refused', () => {
  using tree = v2();
  const opening = (): CgroupReader =>
    new CgroupReader({
      procRoot: tree.proc,
      sysRoot: tree.sys,
      containerId: CONTAINER,
      pid: CONTAINER_PID,
      ownNetwork: true,
      // This option is looked at between the two readings of the start time.
      get cgroups() {
        const cgroups = CgroupLocator.fromProc({ proc: tree.proc, sys: tree.sys });
        tree.set(
          `proc/${CONTAINER_PID}/stat`,
          `${CONTAINER_PID} (sh) ${['S', '1', ...Array(17).fill('0'), '778', '0'].join(' ')}\n`,
        );
        return cgroups;
      },
    });
  expect(opening).toThrow('its process ended meanwhile');
});

test('a reader that was closed says that its container is gone', () => {
  using tree = v2();
  const reader = open(tree);
  reader[Symbol.dispose]();
  reader[Symbol.dispose]();
  expect(reader.sample()).toBeUndefined();
});
