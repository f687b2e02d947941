import { SeatrialError, type SampleBatch } from '@seatrial/contracts';
import type { ContainerInspect, SampleRound } from '@seatrial/docker';
import { SampleColumns } from '@seatrial/estate';
import { expect, test } from 'vitest';

import { ContainerSamplers, type LocalReader, type RemoteReader } from './container-samplers.ts';

const inspect = (id: string, startedAt = '2026-11-25T00:00:00Z'): ContainerInspect =>
  ({
    Id: id,
    State: { StartedAt: startedAt, Pid: 1, Running: true },
    HostConfig: { NetworkMode: 'bridge' },
  }) as unknown as ContainerInspect;

const reading = (atMs: number, memoryUsageBytes: number, epoch = 'e'): never =>
  ({ atMs, epoch, memoryUsageBytes }) as never;

const round = (parts: Partial<SampleRound>): SampleRound => ({
  counters: new Map(),
  gone: [],
  failed: new Map(),
  ...parts,
});

/** Cgroup files of the named containers only; `next` is what the next round finds. */
class FakeLocal implements LocalReader {
  readonly cgroupVersion = 1;
  readonly open = new Set<string>();
  readonly #there: readonly string[];
  next: SampleRound = round({});
  constructor(...there: string[]) {
    this.#there = there;
  }
  add({ id }: { id: string }): void {
    if (!this.#there.includes(id)) throw new SeatrialError('no cgroup', { code: 'W-ESTATE-CAPABILITY' });
    this.open.add(id);
  }
  drop(id: string): void {
    this.open.delete(id);
  }
  round(): Promise<SampleRound> {
    return Promise.resolve(this.next);
  }
  [Symbol.dispose](): void {
    this.open.clear();
  }
}

class FakeRemote {
  asked: string[][] = [];
  answer: (ids: readonly string[]) => Promise<SampleRound> = async () => round({});
  readonly round: RemoteReader['round'] = (containers) => {
    this.asked.push(containers.map(({ id }) => id));
    return this.answer(containers.map(({ id }) => id));
  };
}

const columns = (): SampleColumns => new SampleColumns({ src: 'docker', tgt: 't', f: 1, t0: 0, iv: 10 });
const resourcesOf = (taken: SampleColumns): string[] => [
  ...new Set(taken.take().flatMap((batch: SampleBatch) => batch.rs)),
];
const signal = new AbortController().signal;

test('a container without cgroup files here is read through the API, the others are not', async () => {
  const [local, remote] = [new FakeLocal('here'), new FakeRemote()];
  using samplers = new ContainerSamplers('t', { local, remote });
  samplers.add(inspect('here'));
  samplers.add(inspect('elsewhere'));
  expect(samplers.capabilities).toEqual(['cgroup-v1', 'engine-api']);

  local.next = round({ counters: new Map([['here', reading(1, 5)]]) });
  remote.answer = async () => round({ counters: new Map([['elsewhere', reading(1, 6)]]) });
  const [near, far] = [columns(), columns()];
  await samplers.sampleLocal(near);
  await samplers.sampleRemote(far, signal);
  expect(resourcesOf(near)).toEqual(['t/here']);
  expect(resourcesOf(far)).toEqual(['t/elsewhere']);
  expect(remote.asked).toEqual([['elsewhere']]);
});

test('the engine is not asked when every container is read from files', async () => {
  const remote = new FakeRemote();
  using samplers = new ContainerSamplers('t', { local: new FakeLocal('a'), remote });
  samplers.add(inspect('a'));
  await samplers.sampleRemote(columns(), signal);
  expect(remote.asked).toEqual([]);
});

test('what ended is told, dropped and its files closed; a failure of one is told and the others are read', async () => {
  const local = new FakeLocal('a', 'b', 'c');
  using samplers = new ContainerSamplers('t', { local, remote: new FakeRemote() });
  for (const id of ['a', 'b', 'c']) samplers.add(inspect(id));
  const fault = new SeatrialError('EMFILE', { code: 'W-ESTATE-CAPABILITY' });
  local.next = round({ counters: new Map([['a', reading(1, 5)]]), gone: ['b'], failed: new Map([['c', fault]]) });
  const taken = columns();
  expect(await samplers.sampleLocal(taken)).toEqual({ gone: ['b'], fault });
  expect(resourcesOf(taken)).toEqual(['t/a']);
  expect([...local.open]).toEqual(['a', 'c']);
});

test('an answer of the engine for a life that ended meanwhile counts for nothing', async () => {
  const remote = new FakeRemote();
  using samplers = new ContainerSamplers('t', { remote });
  samplers.add(inspect('a', '2026-11-25T00:00:00Z'));
  samplers.add(inspect('b', '2026-11-25T00:00:00Z'));
  remote.answer = async () => {
    samplers.drop('a');
    samplers.add(inspect('b', '2026-11-25T00:00:01Z')); // restarted
    return round({ counters: new Map([['a', reading(1, 5)]]), gone: ['b'] });
  };
  const taken = columns();
  expect(await samplers.sampleRemote(taken, signal)).toEqual({ gone: [], fault: undefined });
  expect(resourcesOf(taken)).toEqual([]);
  remote.answer = async () => round({ counters: new Map([['b', reading(2, 5)]]) });
  await samplers.sampleRemote(taken, signal);
  expect(resourcesOf(taken)).toEqual(['t/b']);
});

test('what a listing does not show any more is dropped', () => {
  const local = new FakeLocal('a', 'b');
  using samplers = new ContainerSamplers('t', { local, remote: new FakeRemote() });
  samplers.add(inspect('a'));
  samplers.add(inspect('b'));
  samplers.keep(new Set(['b']));
  expect([...local.open]).toEqual(['b']);
});

test('a container that runs but gives no counters is told until it does', async () => {
  const remote = new FakeRemote();
  using samplers = new ContainerSamplers('t', { remote });
  const later = '2026-11-25T00:00:01Z';
  for (const id of ['mute', 'restarted', 'ended']) samplers.add(inspect(id));
  remote.answer = async (ids) => round({ gone: ids });
  await samplers.sampleRemote(columns(), signal);
  expect(samplers.withheld).toBe(0); // they may have ended
  samplers.add(inspect('mute'));
  samplers.add(inspect('restarted', later));
  samplers.drop('ended');
  expect(samplers.withheld).toBe(1);
  remote.answer = async () => round({ counters: new Map([['mute', reading(1, 5)]]) });
  await samplers.sampleRemote(columns(), signal);
  expect(samplers.withheld).toBe(0);
});
