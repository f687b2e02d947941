import { execFileSync } from 'node:child_process';
import { ApiSampler, CgroupSampler, type ContainerCounters, DockerEngine } from '@seatrial/docker';
import { requireDocker, startContainer, type TestContainer, until } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

const docker = await requireDocker();

const BUSY = ['sh', '-c', 'while :; do :; done'];

function sampled({ id, pid }: TestContainer) {
  return { id, pid, ownNetwork: true };
}

async function readOne(sampler: CgroupSampler, { id }: TestContainer): Promise<ContainerCounters> {
  const sample = (await sampler.round()).counters.get(id);
  if (sample === undefined) throw new Error(`container ${id} was not read`);
  return sample;
}

/** What another program reads from the container's cgroup files, found without our locator. */
function independent(id: string): { cpuNanos: number; memoryBytes: number; pids: number } {
  const files = execFileSync('find', ['/sys/fs/cgroup', '-path', `*${id}*`, '-type', 'f'], { encoding: 'utf8' })
    .trim()
    .split('\n');
  const cat = (name: string): string | undefined => {
    // Of a hybrid host's two directories the v1 one, whose path has no `unified`.
    const path = files.find((file) => file.endsWith(`/${name}`) && !file.includes('/unified/'));
    return path === undefined ? undefined : execFileSync('cat', [path], { encoding: 'utf8' });
  };
  const v2Cpu = /usage_usec (\d+)/.exec(cat('cpu.stat') ?? '')?.[1];
  return {
    cpuNanos: v2Cpu === undefined ? Number(cat('cpuacct.usage')) : Number(v2Cpu) * 1000,
    memoryBytes: Number(cat('memory.usage_in_bytes') ?? cat('memory.current')),
    pids: Number(cat('pids.current')),
  };
}

/** `value` was true at some instant between two readings of a number that only grows. */
function expectBetween(low: number | undefined, value: number | undefined, high: number | undefined): void {
  expect(value).toBeGreaterThanOrEqual(low ?? Number.NaN);
  expect(value).toBeLessThanOrEqual(high ?? Number.NaN);
}

describe.skipIf(docker.skip !== undefined)('counters of real containers', () => {
  test('a busy container is told from an idle one, by both readers', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    await using busy = await startContainer(docker, { cmd: BUSY, hostConfig: { NanoCpus: 1e8 } });
    await using idle = await startContainer(docker);
    using sampler = new CgroupSampler();
    sampler.add(sampled(busy));
    sampler.add(sampled(idle));
    const api = new ApiSampler(engine, { hostMemoryBytes: (await engine.info()).MemTotal });
    const both = [busy, idle].map(({ id }) => ({ id, startedAt: 'life' }));

    // The API reads first and last, so that it sees at least what happens between the two readings of the files.
    const apiBefore = await api.round(both);
    const before = await sampler.round();
    const spent = (now: ContainerCounters | undefined, then: ContainerCounters | undefined): number =>
      (now?.cpuTotalNanos ?? Number.NaN) - (then?.cpuTotalNanos ?? Number.NaN);
    const after = await until('the busy container used 0.2 s of CPU', async () => {
      const round = await sampler.round();
      return spent(round.counters.get(busy.id), before.counters.get(busy.id)) > 2e8 ? round : undefined;
    });
    const apiAfter = await api.round(both);
    expect(spent(after.counters.get(idle.id), before.counters.get(idle.id))).toBeLessThan(3e7);
    expect(spent(apiAfter.counters.get(busy.id), apiBefore.counters.get(busy.id))).toBeGreaterThan(2e8);
    expect(spent(apiAfter.counters.get(idle.id), apiBefore.counters.get(idle.id))).toBeLessThan(3e7);
    // 0.1 cores are far less than the loop wants.
    expect(after.counters.get(busy.id)?.cpuThrottledPeriods).toBeGreaterThan(0);
    expect(after.counters.get(busy.id)?.cpuLimitCores).toBeCloseTo(0.1);
    expect(after.counters.get(idle.id)).not.toHaveProperty('cpuLimitCores');
    expect(after.counters.get(idle.id)).not.toHaveProperty('memoryLimitBytes');
    expect(apiAfter.counters.get(idle.id)).not.toHaveProperty('memoryLimitBytes');
  });

  test('cgroup files, the engine and another program agree', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    await using container = await startContainer(docker, {
      cmd: ['sh', '-c', 'dd if=/dev/zero of=/dev/shm/held bs=1M count=20 2>/dev/null; while :; do :; done'],
      hostConfig: { Memory: 64 * 2 ** 20, PidsLimit: 40, NanoCpus: 3e8 },
    });
    using sampler = new CgroupSampler();
    sampler.add(sampled(container));
    const api = new ApiSampler(engine, { hostMemoryBytes: (await engine.info()).MemTotal });
    // dd has written everything and only the shell is left.
    await until('the container holds its memory', async () => {
      const { memoryUsageBytes = 0, pids } = await readOne(sampler, container);
      return memoryUsageBytes > 20 * 2 ** 20 && pids === 1;
    });

    const first = await readOne(sampler, container);
    const other = independent(container.id);
    const { counters } = await api.round([{ id: container.id, startedAt: 'life' }]);
    const byApi = counters.get(container.id);
    const last = await readOne(sampler, container);

    expectBetween(first.cpuTotalNanos, other.cpuNanos, last.cpuTotalNanos);
    expectBetween(first.cpuTotalNanos, byApi?.cpuTotalNanos, last.cpuTotalNanos);
    expectBetween(first.pageFaults, byApi?.pageFaults, last.pageFaults);
    for (const bytes of [other.memoryBytes, byApi?.memoryUsageBytes, last.memoryUsageBytes]) {
      expect(bytes).toBeGreaterThan(20 * 2 ** 20);
      expect(Math.abs((bytes ?? 0) - (first.memoryUsageBytes ?? 0))).toBeLessThan(2 ** 20);
    }
    expect(byApi?.memoryLimitBytes).toBe(64 * 2 ** 20);
    expect(first).toMatchObject({ memoryLimitBytes: 64 * 2 ** 20, pidsLimit: 40 });
    expect(byApi?.pidsLimit).toBe(40);
    expect(last.pids).toBe(other.pids);
    expect(byApi?.network?.map(({ name }) => name)).toEqual(last.network?.map(({ name }) => name));
  });

  test('a container in the network of the host or of another has no network counters, one of its own has', async () => {
    await using own = await startContainer(docker);
    await using host = await startContainer(docker, { hostConfig: { NetworkMode: 'host' } });
    using sampler = new CgroupSampler();
    sampler.add(sampled(own));
    sampler.add({ id: host.id, pid: host.pid, ownNetwork: false });
    const { counters } = await sampler.round();
    expect(counters.get(own.id)?.network?.map(({ name }) => name)).toEqual(['eth0']);
    expect(counters.get(host.id)).not.toHaveProperty('network');
  });
});
