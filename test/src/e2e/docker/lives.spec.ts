import { readdirSync, readlinkSync } from 'node:fs';
import { ApiSampler, CgroupReader, CgroupSampler, DockerControl, DockerEngine } from '@seatrial/docker';
import { requireDocker, startContainer, until } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

const docker = await requireDocker();

/** Files of the kernel that this process holds open; its sockets come and go by themselves. */
function openFiles(): number {
  return readdirSync('/proc/self/fd').filter((fd) => /^\/(proc|sys)\//.test(targetOf(fd))).length;
}

function targetOf(fd: string): string {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`);
  } catch {
    return ''; // the descriptor that listed the directory is closed by now
  }
}

const control = new DockerControl({ url: docker.url });

/** Waits for the kernel to drop the cgroup: the engine says `exited` a little earlier. */
const untilGone = (sampler: CgroupSampler, id: string) =>
  until('the container is reported gone', async () => {
    const { gone, counters } = await sampler.round();
    return gone.includes(id) ? { counters } : undefined;
  });

describe.skipIf(docker.skip !== undefined)('the lives of a container', () => {
  test('a killed container is reported gone once, and none of its files stays open', async () => {
    const before = openFiles();
    using sampler = new CgroupSampler();
    await using container = await startContainer(docker);
    sampler.add({ id: container.id, pid: container.pid, ownNetwork: true });
    expect(openFiles()).toBeGreaterThan(before + 5);
    await control.kill(container.id);
    const { counters } = await untilGone(sampler, container.id);
    expect(counters.has(container.id)).toBe(false);
    expect(sampler.containers).toEqual([]);
    expect((await sampler.round()).gone).toEqual([]);
    expect(openFiles()).toBe(before);
  });

  test('a restart is another epoch: its counters begin again and cannot be mistaken for the old ones', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    using sampler = new CgroupSampler();
    await using container = await startContainer(docker, {
      cmd: ['sh', '-c', 'while :; do :; done'],
      hostConfig: { NanoCpus: 3e8 },
    });
    const { id } = container;
    sampler.add({ id, pid: container.pid, ownNetwork: true });
    const old = await until('the first life used 0.4 s of CPU', async () => {
      const sample = (await sampler.round()).counters.get(id);
      return (sample?.cpuTotalNanos ?? 0) > 4e8 ? sample : undefined;
    });
    await control.restart(id, 0);
    const { State } = await engine.inspect(id);
    expect(State.Pid).not.toBe(container.pid);
    sampler.add({ id, pid: State.Pid, ownNetwork: true });
    const { counters, gone } = await sampler.round();
    expect(gone).toEqual([]);
    expect(counters.get(id)?.epoch).not.toBe(old?.epoch);
    expect(counters.get(id)?.cpuTotalNanos).toBeLessThan(old?.cpuTotalNanos ?? 0);
    expect(() => new CgroupReader({ containerId: id, pid: container.pid, ownNetwork: true })).toThrow(
      expect.objectContaining({ code: 'W-ESTATE-CAPABILITY' }),
    );
  });

  test('a paused container is still read and uses nothing', async () => {
    using sampler = new CgroupSampler();
    await using container = await startContainer(docker, { cmd: ['sh', '-c', 'while :; do :; done'] });
    sampler.add({ id: container.id, pid: container.pid, ownNetwork: true });
    await control.pause(container.id);
    const first = (await sampler.round()).counters.get(container.id);
    const second = (await sampler.round()).counters.get(container.id);
    expect(first?.cpuTotalNanos).toBeGreaterThan(0);
    expect(second?.cpuTotalNanos).toBe(first?.cpuTotalNanos);
    await control.unpause(container.id);
    await until(
      'the counters go on',
      async () =>
        ((await sampler.round()).counters.get(container.id)?.cpuTotalNanos ?? 0) > (first?.cpuTotalNanos ?? 0),
    );
  });

  test('a process killed for lack of memory is counted while its container lives on', async () => {
    using sampler = new CgroupSampler();
    await using container = await startContainer(docker, {
      // The first line of defence of the kernel is the greedy child, not the shell.
      cmd: ['sh', '-c', 'tail /dev/zero; while :; do sleep 3600 & wait $!; done'],
      hostConfig: { Memory: 16 * 2 ** 20, MemorySwap: 16 * 2 ** 20 },
    });
    sampler.add({ id: container.id, pid: container.pid, ownNetwork: true });
    const sample = await until('a kill for lack of memory is counted', async () => {
      const { counters } = await sampler.round();
      return (counters.get(container.id)?.oomKills ?? 0) > 0 ? counters.get(container.id) : undefined;
    });
    expect(sample?.memoryUsageBytes).toBeLessThanOrEqual(16 * 2 ** 20);
  });

  test('the API says of a container that ended or was removed that it is gone', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    const api = new ApiSampler(engine);
    await using stopped = await startContainer(docker);
    const removed = await startContainer(docker);
    await control.kill(stopped.id);
    await control.remove(removed.id);
    const ids = [stopped.id, removed.id];
    const round = await until('both are gone', async () => {
      const all = await api.round(ids.map((id) => ({ id, startedAt: 'life' })));
      return all.gone.length === 2 ? all : undefined;
    });
    expect([...round.gone].toSorted()).toEqual(ids.toSorted());
    expect(round.counters.size + round.failed.size).toBe(0);
  });

  test('hundreds of readers opened and closed leave no file open', async () => {
    await using container = await startContainer(docker);
    const options = { containerId: container.id, pid: container.pid, ownNetwork: true };
    const before = openFiles();
    for (let i = 0; i < 400; i++) {
      using reader = new CgroupReader(options);
      expect(reader.sample()?.pids).toBeGreaterThan(0);
    }
    expect(openFiles()).toBe(before);
  });

  test('containers that come and go under a running sampler leave no file open', async () => {
    using sampler = new CgroupSampler();
    const before = openFiles();
    for (let life = 0; life < 8; life++) {
      await using container = await startContainer(docker);
      sampler.add({ id: container.id, pid: container.pid, ownNetwork: true });
      expect((await sampler.round()).counters.has(container.id)).toBe(true);
      if (life % 2 === 0) sampler.drop(container.id);
      else {
        await control.kill(container.id);
        await untilGone(sampler, container.id);
      }
    }
    expect(sampler.containers).toEqual([]);
    expect(openFiles()).toBe(before);
  });
});
