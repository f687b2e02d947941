import { describe, expect, test } from 'vitest';
import { CgroupLocator } from '../cgroup/locate.ts';
import { namespaceLinks, type ProcFixture, procFixture, statLine } from './proc-fixture.ts';
import { type ProcessEvidence, readProcessEvidence } from './process.ts';

const ID = 'a'.repeat(64);
const PID = 4242;

/** A container on cgroup v2, as the kernel shows it. */
function container(changes: Readonly<Record<string, string>> = {}): ProcFixture {
  return procFixture({
    'proc/self/mountinfo': '30 25 0:26 / {root}/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
    [`proc/${PID}/stat`]: statLine(PID, 'sleep', 4200, 1000),
    [`proc/${PID}/cgroup`]: `0::/system.slice/docker-${ID}.scope\n`,
    [`proc/${PID}/status`]: STATUS,
    [`proc/${PID}/mountinfo`]: '36 35 0:1 / /proc/sys ro,nosuid - proc proc rw\n',
    [`proc/${PID}/uid_map`]: '         0     100000      65536\n',
    [`proc/${PID}/oom_score_adj`]: '-500\n',
    [`proc/${PID}/attr/current`]: 'docker-default (enforce)\n',
    [`sys/fs/cgroup/system.slice/docker-${ID}.scope/memory.max`]: 'max\n',
    [`sys/fs/cgroup/system.slice/docker-${ID}.scope/pids.max`]: '50\n',
    [`sys/fs/cgroup/system.slice/docker-${ID}.scope/cpu.max`]: '150000 100000\n',
    ...namespaceLinks(PID, 4_026_533_000),
    ...changes,
  });
}

const STATUS = [
  'Name:\tsleep',
  'Uid:\t1000\t1001\t1002\t1003',
  'Gid:\t2000\t2001\t2002\t2003',
  'Groups:\t10 999 ',
  'CapInh:\t0000000000000000',
  'CapPrm:\t00000000a80425fb',
  'CapEff:\t00000000a80425fb',
  'CapBnd:\t000001ffffffffff',
  'CapAmb:\t0000000000000000',
  'NoNewPrivs:\t1',
  'Seccomp:\t2',
  '',
].join('\n');

function read(fixture: ProcFixture, containerId = ID): Promise<ProcessEvidence> {
  return readProcessEvidence(PID, { procRoot: `${fixture.root}/proc`, sysRoot: `${fixture.root}/sys`, containerId });
}

test('every field carries its value and the place it was read', async () => {
  using fixture = container();
  const evidence = await read(fixture);
  expect(evidence).toMatchObject({
    effectiveUid: { value: 1001, ref: `/proc/${PID}/status#Uid` },
    effectiveGid: { value: 2001 },
    groups: { value: [10, 999] },
    capBnd: { value: '000001ffffffffff', ref: `/proc/${PID}/status#CapBnd` },
    noNewPrivs: { value: 1 },
    seccomp: { value: 2 },
    uidMap: { value: [{ inside: 0, outside: 100_000, count: 65_536 }] },
    oomScoreAdj: { value: -500 },
    lsmLabel: { value: 'docker-default (enforce)' },
    memoryLimitBytes: { value: null },
    pidsLimit: { value: 50 },
    cpuLimitCores: { value: 1.5 },
    namespaces: { pid: { value: 'pid:[4026533000]', ref: `/proc/${PID}/ns/pid` } },
  });
  expect(evidence.mountinfo).toMatchObject({ value: [{ mountPoint: '/proc/sys', options: ['ro', 'nosuid'] }] });
  expect(evidence.deviceRules).toMatchObject({ missing: 'unsupported' });
});

/** Every reading in the evidence, namespaces included. */
function readings(evidence: ProcessEvidence): unknown[] {
  const { namespaces, ...rest } = evidence;
  return [...Object.values(rest), ...Object.values(namespaces)];
}

describe('the process of another', () => {
  test('a pid whose cgroup names another container gives nothing', async () => {
    using fixture = container();
    const all = readings(await read(fixture, 'b'.repeat(64)));
    expect(all.length).toBeGreaterThan(20);
    for (const reading of all) expect(reading).toMatchObject({ missing: 'gone' });
  });

  test('a pid that is used again while it is read gives nothing, although every single read succeeded', async () => {
    using fixture = container();
    let asked = 0;
    const evidence = await readProcessEvidence(PID, {
      procRoot: `${fixture.root}/proc`,
      sysRoot: `${fixture.root}/sys`,
      containerId: ID,
      // This option is looked at between the two readings of the start time.
      get cgroups() {
        asked++;
        fixture.write(`proc/${PID}/stat`, statLine(PID, 'other', 1, 2000));
        return new CgroupLocator([], `${fixture.root}/sys`);
      },
    });
    expect(asked).toBe(1);
    for (const reading of readings(evidence)) expect(reading).toMatchObject({ missing: 'gone' });
  });

  test('a process that does not exist is gone, and pid 0 is nobody', async () => {
    using fixture = container();
    fixture.remove(`proc/${PID}`);
    expect((await read(fixture)).capBnd).toMatchObject({ missing: 'gone' });
    const nobody = await readProcessEvidence(0, { procRoot: `${fixture.root}/proc`, containerId: ID });
    expect(nobody.namespaces.pid).toMatchObject({ missing: 'gone' });
  });
});

describe('evidence that is not there', () => {
  test('a line that the kernel does not print is unsupported, the others are read', async () => {
    using fixture = container({ [`proc/${PID}/status`]: STATUS.replace('Seccomp:\t2\n', '') });
    const evidence = await read(fixture);
    expect(evidence.seccomp).toMatchObject({ missing: 'unsupported' });
    expect(evidence.capBnd).toMatchObject({ value: '000001ffffffffff' });
  });

  test('a malformed number is unsupported, not zero', async () => {
    using fixture = container({ [`proc/${PID}/oom_score_adj`]: 'many\n', [`proc/${PID}/uid_map`]: '0 0\n' });
    const evidence = await read(fixture);
    expect(evidence.oomScoreAdj).toMatchObject({ missing: 'unsupported' });
    expect(evidence.uidMap).toMatchObject({ missing: 'unsupported' });
  });

  test('a mount table over its limit is unsupported, not the first part of it', async () => {
    using fixture = container({
      [`proc/${PID}/mountinfo`]: '36 35 0:1 / /proc/sys ro - proc proc rw\n'.repeat(10_001),
    });
    expect((await read(fixture)).mountinfo).toMatchObject({ missing: 'unsupported' });
  });

  test('a namespace link that is no link text is unsupported, never an empty value', async () => {
    using fixture = container();
    fixture.remove(`proc/${PID}/ns/net`);
    fixture.write(`proc/${PID}/ns/net`, '->net:[]');
    const { namespaces } = await read(fixture);
    expect(namespaces.net).toMatchObject({ missing: 'unsupported' });
    expect(namespaces.pid).toHaveProperty('value');
  });

  test('an unreadable mount table of our own costs the limits only', async () => {
    using fixture = container();
    fixture.remove('proc/self');
    const evidence = await read(fixture);
    expect(evidence.memoryLimitBytes).toMatchObject({ missing: 'unsupported' });
    expect(evidence.capBnd).toHaveProperty('value');
  });

  test('without cgroup mounts the limits are unsupported, not unlimited', async () => {
    using fixture = container({ 'proc/self/mountinfo': '1 1 0:1 / / rw - ext4 /dev/vda rw\n' });
    const evidence = await read(fixture);
    expect(evidence.memoryLimitBytes).toMatchObject({ missing: 'unsupported' });
    expect(evidence.pidsLimit).toMatchObject({ missing: 'unsupported' });
  });
});

test('a read that was given up throws the reason of the signal', async () => {
  using fixture = container();
  const signal = AbortSignal.abort(new Error('shutting down'));
  const reading = readProcessEvidence(PID, { procRoot: `${fixture.root}/proc`, containerId: ID, signal });
  await expect(reading).rejects.toThrow('shutting down');
});
