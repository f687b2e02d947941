import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { procFixture } from '../evidence/proc-fixture.ts';
import { readHostIdentity } from '../identity.ts';
import { readFilesystems } from './filesystems.ts';
import { HostReader } from './host-reader.ts';

const STAT =
  'cpu  10 1 20 300 4 0 5 6 0 0\ncpu0 10 1 20 300 4 0 5 6 0 0\nintr 77 1 2\nctxt 123\nbtime 1795569664\nprocesses 9\nprocs_running 2\nprocs_blocked 1\n';

test('reads what is there with its unit, and leaves out what is not', () => {
  using fixture = procFixture({
    'proc/stat': STAT,
    'proc/meminfo': 'MemTotal:       1000 kB\nMemAvailable:    400 kB\n',
    'proc/diskstats':
      '   8       0 sda 1 0 8 0 2 0 16 0 0 30 40 0 0 0 0\n   8       1 sda1 1 0 8 0 2 0 16 0 0 30 40 0 0 0 0\n',
    'proc/1/net/dev': 'x\n eth0: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\n',
    'sys/block/sda/size': '1',
    'sys/block/loop0/size': '1',
  });
  using reader = new HostReader({ procRoot: `${fixture.root}/proc`, sysRoot: `${fixture.root}/sys` });
  const sample = reader.sample();
  expect(sample).toMatchObject({
    epoch: '1795569664',
    cpu: {
      userNanos: 1e8,
      niceNanos: 1e7,
      systemNanos: 2e8,
      idleNanos: 3e9,
      iowaitNanos: 4e7,
      softirqNanos: 5e7,
      stealNanos: 6e7,
    },
    contextSwitches: 123,
    forks: 9,
    tasksRunning: 2,
    tasksBlocked: 1,
    memory: { totalBytes: 1_024_000, availableBytes: 409_600 },
    disks: [{ name: 'sda', reads: 1, readBytes: 4096, writes: 2, writeBytes: 8192, busyMs: 30, queueMs: 40 }],
    network: [{ name: 'eth0', rxBytes: 1, txDropped: 8 }],
  });
  expect(sample.cores).toHaveLength(1);
  for (const absent of ['cpuPressure', 'memoryPressure', 'ioPressure', 'load1', 'uptimeSeconds', 'oomKills']) {
    expect(sample).not.toHaveProperty(absent);
  }
  expect(sample.memory).not.toHaveProperty('swapTotalBytes');
  expect(reader.failed).toEqual([]);
});

test('without sysfs disks are absent rather than counted twice', () => {
  using fixture = procFixture({ 'proc/stat': STAT, 'proc/diskstats': '   8       0 sda 1 0 8 0 2 0 16 0 0 30 40\n' });
  using reader = new HostReader({ procRoot: `${fixture.root}/proc`, sysRoot: `${fixture.root}/sys` });
  expect(reader.sample()).not.toHaveProperty('disks');
});

test('a machine without anything readable gives the time and nothing else', () => {
  using fixture = procFixture({ 'proc/empty': '' });
  using reader = new HostReader({ procRoot: `${fixture.root}/proc`, sysRoot: `${fixture.root}/sys` });
  expect(Object.keys(reader.sample())).toEqual(['atMs']);
  expect(reader.unavailable).toContain(`${fixture.root}/proc/pressure/cpu`);
});

test('this machine agrees with what another program reads', () => {
  using reader = new HostReader();
  const awk = (program: string, file: string): number =>
    Number(execFileSync('awk', [program, file], { encoding: 'utf8' }));
  const before = awk('/^ctxt/ {print $2}', '/proc/stat');
  const sample = reader.sample();
  const after = awk('/^ctxt/ {print $2}', '/proc/stat');
  expect(sample.contextSwitches).toBeGreaterThanOrEqual(before);
  expect(sample.contextSwitches).toBeLessThanOrEqual(after);
  expect(sample.memory?.totalBytes).toBe(awk('/^MemTotal/ {print $2}', '/proc/meminfo') * 1024);
  expect(sample.cores).toHaveLength(readHostIdentity().cpus ?? 0);
  const interfaces = sample.network ?? [];
  expect(interfaces.map(({ name }) => name)).not.toContain('lo');
  for (const { name, rxBytes } of interfaces) {
    const now = Number(execFileSync('cat', [`/sys/class/net/${name}/statistics/rx_bytes`], { encoding: 'utf8' }));
    expect(now).toBeGreaterThanOrEqual(rxBytes);
  }
});

test('room on the root file system agrees with df', async () => {
  const [total] = execFileSync('df', ['-B1', '--output=size', '/'], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .slice(1)
    .map(Number);
  const states = await readFilesystems();
  const root = states?.find(({ mountPoint }) => mountPoint === '/');
  // A root made in memory (a container's overlay) is not on a disk of the machine and is left out.
  expect([undefined, total]).toContain(root?.totalBytes);
  expect(new Set(states?.map(({ device }) => device)).size).toBe(states?.length);
});

test('identity: malformed or unreadable files are absent', () => {
  using fixture = procFixture({
    'proc/self/mountinfo': '30 25 0:26 / {root}/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
    'proc/sys/kernel/osrelease': '6.1.0\n',
    'sys/devices/system/cpu/online': '0-3,8\n',
    'sys/class/dmi/id/product_uuid': '4C4C4544-0044-4810\n',
    'machine-id': 'uninitialized\n',
  });
  const identity = readHostIdentity({
    procRoot: `${fixture.root}/proc`,
    sysRoot: `${fixture.root}/sys`,
    machineIdFile: `${fixture.root}/machine-id`,
  });
  expect(identity).toMatchObject({
    cpus: 5,
    cgroupVersion: 2,
    kernelRelease: '6.1.0',
    productUuid: '4c4c4544-0044-4810',
    scope: 'host',
  });
  expect(identity).not.toHaveProperty('machineId');
  expect(identity).not.toHaveProperty('bootId');
});
