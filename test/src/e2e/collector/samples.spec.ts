import { existsSync, readFileSync } from 'node:fs';

import type { Bus } from '@seatrial/bus';
import { MetricsLatest, SampleBatches, TargetsList } from '@seatrial/contracts';
import { proxyEngine, requireDocker, startBroker, startContainer, until, type TestContainer } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { callEngine } from './engine-calls.ts';
import { connect, scratch, startCollector } from './running.ts';

const docker = await requireDocker();
const mute = docker.skip === undefined ? await muteEngine() : undefined;
if (mute !== undefined) console.warn(`skipped: samples through the API: ${mute}`);

/** Why the engine itself has no counters of its containers: then nobody can get them through its API. Undefined when it has. */
async function muteEngine(): Promise<string | undefined> {
  await using container = await startContainer(docker);
  const answer = await callEngine(docker, 'GET', `/containers/${container.id}/stats?stream=false&one-shot=true`);
  return answer.includes('"read":"0001-')
    ? 'the engine answers with zeros; its log says why (a cgroup hierarchy in use that is not mounted?)'
    : undefined;
}

/** CPU time of a container, s, read apart from the code that is tested. */
function cpuSeconds({ pid }: TestContainer): number {
  const groups = readFileSync(`/proc/${pid}/cgroup`, 'utf8')
    .split('\n')
    .map((line) => line.split(':'));
  const v1 = groups.find(([, controllers]) => controllers?.split(',').includes('cpuacct'));
  const root = ['/sys/fs/cgroup/cpuacct', '/sys/fs/cgroup/cpu,cpuacct'].find((path) => existsSync(`${path}${v1?.[2]}`));
  if (root !== undefined) return Number(readFileSync(`${root}${v1?.[2]}/cpuacct.usage`, 'utf8')) / 1e9;
  const v2 = groups.find(([number]) => number === '0')?.[2] ?? '';
  return Number(/usage_usec (\d+)/.exec(readFileSync(`/sys/fs/cgroup${v2}/cpu.stat`, 'utf8'))?.[1]) / 1e6;
}

type Latest = { readonly value: number; readonly t: number; readonly unit: string };

async function latest(
  bus: Bus,
  resource: string,
  metric: string,
  attrs: Record<string, string> = {},
): Promise<Latest | undefined> {
  const { values } = await bus.request(MetricsLatest, { resources: [resource], metrics: [metric] });
  return values.find((each) => Object.entries(attrs).every(([name, value]) => each.attrs[name] === value));
}

/** The first value that was sampled after now. */
async function next(bus: Bus, resource: string, metric: string, attrs: Record<string, string> = {}): Promise<Latest> {
  const from = Date.now();
  return until(`${metric} of ${resource}`, async () => {
    const value = await latest(bus, resource, metric, attrs);
    return value !== undefined && value.t > from ? value : undefined;
  });
}

/** Nanoseconds as seconds, s. */
const ROUNDING = 1e-9;
const BUSY = { cmd: ['sh', '-c', 'while :; do :; done'], hostConfig: { NanoCpus: 3e8, Memory: 64 * 2 ** 20 } };

describe.skipIf(docker.skip !== undefined)('samples', () => {
  test.each(['cgroup files', ...(mute === undefined ? ['the API of a remote engine'] : [])])(
    'through %s a busy and an idle container differ, and both agree with an independent reading',
    async (way) => {
      using folder = scratch();
      await using broker = await startBroker();
      await using proxy = await proxyEngine(docker);
      await using busy = await startContainer(docker, BUSY);
      await using idle = await startContainer(docker);
      const url = way === 'cgroup files' ? docker.url : proxy.url;
      await using collector = startCollector(broker, {
        targets: [{ id: 't', src: 'docker', url }],
        archive: `${folder.path}/a.db`,
      });
      await collector.ready;
      await using viewer = await connect(broker);
      const total = { 'cpu.mode': 'total' };
      for (const container of [busy, idle]) {
        const before = cpuSeconds(container);
        const { value, unit } = await next(viewer, `t/${container.id}`, 'container.cpu.time', total);
        expect(unit).toBe('s');
        expect(value).toBeGreaterThanOrEqual(before - ROUNDING);
        expect(value).toBeLessThanOrEqual(cpuSeconds(container) + ROUNDING);
      }
      const used = await next(viewer, `t/${busy.id}`, 'container.cpu.usage');
      const rest = await next(viewer, `t/${idle.id}`, 'container.cpu.usage');
      expect(used.value).toBeGreaterThan(0.02);
      expect(used.value).toBeLessThan(0.6);
      expect(rest.value).toBeLessThan(used.value / 2);
      // A limit is shown where there is one, and is absent, not zero or huge, where there is none.
      expect((await latest(viewer, `t/${busy.id}`, 'container.memory.limit'))?.value).toBe(64 * 2 ** 20);
      expect(await latest(viewer, `t/${idle.id}`, 'container.memory.limit')).toBeUndefined();
      const { targets } = await viewer.request(TargetsList, {});
      expect(targets[0]?.capabilities).toEqual([
        way === 'cgroup files' ? expect.stringMatching(/^cgroup-v[12]$/) : 'engine-api',
      ]);
    },
  );

  test.skipIf(mute === undefined)(
    'an engine that gives no counters of a running container is degraded, not silent',
    async () => {
      using folder = scratch();
      await using broker = await startBroker();
      await using proxy = await proxyEngine(docker);
      await using _ = await startContainer(docker);
      await using collector = startCollector(broker, {
        targets: [{ id: 't', src: 'docker', url: proxy.url }],
        archive: `${folder.path}/a.db`,
      });
      await collector.ready;
      await using viewer = await connect(broker);
      await until('it is told', async () => (await viewer.request(TargetsList, {})).targets[0]?.health === 'degraded');
      expect((await viewer.request(TargetsList, {})).targets).toMatchObject([{ code: 'W-ESTATE-CAPABILITY' }]);
    },
  );

  test.skipIf(mute !== undefined)(
    'each loop says its own interval, and its batches carry the fence of the lease',
    async () => {
      using folder = scratch();
      await using broker = await startBroker();
      await using proxy = await proxyEngine(docker);
      await using _ = await startContainer(docker);
      const targets = [
        { id: 'near', src: 'docker', url: docker.url },
        { id: 'far', src: 'docker', url: proxy.url },
        { id: 'here', src: 'host' },
      ];
      await using collector = startCollector(broker, { targets, archive: `${folder.path}/a.db` });
      await collector.ready;
      await using stream = await connect(broker, 'collector');
      const seen = new Map<string, Set<string>>();
      for await (const { data, id } of stream.read(SampleBatches, { from: 'all', follow: true })) {
        const intervals = seen.get(data.tgt) ?? new Set();
        seen.set(data.tgt, intervals.add(`${id.split(':')[1]} ${data.iv}`));
        expect(data.f).toBeGreaterThan(0);
        if ([...seen.values()].reduce((sum, each) => sum + each.size, 0) === 4) break;
      }
      expect(Object.fromEntries([...seen].map(([target, intervals]) => [target, [...intervals].toSorted()]))).toEqual({
        near: ['cgroup 1'],
        far: ['api 5'],
        here: ['filesystems 60', 'host 1'],
      });
    },
  );
});

test('the numbers of this machine agree with an independent reading', async () => {
  using folder = scratch();
  await using broker = await startBroker();
  await using collector = startCollector(broker, {
    targets: [{ id: 'here', src: 'host' }],
    archive: `${folder.path}/a.db`,
  });
  await collector.ready;
  await using viewer = await connect(broker);
  const proc = (file: string, pattern: RegExp): number =>
    Number(pattern.exec(readFileSync(`/proc/${file}`, 'utf8'))?.[1]);
  const uptime = (): number => proc('uptime', /^([\d.]+)/);
  const userSeconds = (): number => proc('stat', /^cpu +(\d+)/) / 100;

  const [upBefore, userBefore] = [uptime(), userSeconds()];
  const up = await next(viewer, 'here/host', 'system.uptime');
  const user = await latest(viewer, 'here/host', 'system.cpu.time', { 'cpu.mode': 'user' });
  expect(up.value).toBeGreaterThanOrEqual(Math.floor(upBefore));
  expect(up.value).toBeLessThanOrEqual(uptime());
  expect(user?.value).toBeGreaterThanOrEqual(userBefore);
  expect(user?.value).toBeLessThanOrEqual(userSeconds());
  const total = proc('meminfo', /MemTotal: +(\d+) kB/) * 1024;
  expect((await latest(viewer, 'here/host', 'system.memory.limit'))?.value).toBe(total);
  // Pressure is shown exactly where the kernel measures it.
  expect((await latest(viewer, 'here/host', 'system.pressure')) !== undefined).toBe(existsSync('/proc/pressure/cpu'));
});
