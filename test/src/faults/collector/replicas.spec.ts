import { CollectorLeases, Frames, type LeaseRecord, SampleBatches } from '@seatrial/contracts';
import { startBroker, until } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { collect, connect, scratch, startCollector } from '../../e2e/collector/running.ts';

const targets = [{ id: 'here', src: 'host' }];

test(
  'one of two collectors polls; when it is killed the other takes over, and never do both count',
  { timeout: 120_000 },
  async () => {
    using folder = scratch();
    await using broker = await startBroker();
    await using stream = await connect(broker, 'collector');
    await using first = startCollector(broker, { targets, archive: `${folder.path}/1.db` });
    await first.ready;
    const leases = stream.bucket<LeaseRecord>(CollectorLeases);
    const holder = await until('the first holds the target', async () => (await leases.get('here'))?.value.holder);
    await until(
      'and leads the frames',
      async () => (await first.metric('seatrial_collector_lease_held', 'lease="frame"')) === 1,
    );

    await using second = startCollector(broker, { targets, archive: `${folder.path}/2.db` });
    await second.ready;
    await using samples = collect((signal) => stream.read(SampleBatches, { from: 'all', follow: true, signal }));
    await using viewer = await connect(broker);
    await using frames = collect((signal) =>
      viewer.subscribe(Frames, { filter: 'seatrial.met.v1.estate.frame.estate', signal }),
    );
    await until('samples come', () => samples.all.length > 3);
    expect(await second.metric('seatrial_collector_lease_held', 'lease="here"')).toBeUndefined();
    const fences = (): number[] => [...new Set(samples.all.map(({ data }) => data.f))];
    expect(fences()).toHaveLength(1);

    await first.kill();
    await until('the second polls', () => fences().length === 2, { deadlineMs: 40_000 });
    expect((await leases.get('here'))?.value.holder).not.toBe(holder);
    await until(
      'and leads the frames',
      async () => (await second.metric('seatrial_collector_lease_held', 'lease="frame"')) === 1,
    );
    const count = frames.all.length;
    await until('frames go on', () => frames.all.length > count + 2);
    const seqs = frames.all.map(({ data }) => data.seq);
    expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
    // The fence only grows, so that a reader can tell a poller that comes back from its successor.
    const order = samples.all.map(({ data }) => data.f);
    expect(order).toEqual(order.toSorted((a, b) => a - b));
  },
);

test('a poller that was stopped past its time and comes back polls no more', { timeout: 120_000 }, async () => {
  using folder = scratch();
  await using broker = await startBroker();
  await using stream = await connect(broker, 'collector');
  await using first = startCollector(broker, { targets, archive: `${folder.path}/1.db` });
  await first.ready;
  const leases = stream.bucket<LeaseRecord>(CollectorLeases);
  const fence = await until('the first holds the target', async () => (await leases.get('here'))?.value.fence);
  await using second = startCollector(broker, { targets, archive: `${folder.path}/2.db` });
  await second.ready;
  first.signal('SIGSTOP');
  const successor = await until(
    'the second has it',
    async () => {
      const now = (await leases.get('here'))?.value.fence;
      return (
        now !== undefined &&
        now > Math.max(fence, 0) &&
        (await second.metric('seatrial_collector_lease_held', 'lease="here"')) === 1 &&
        now
      );
    },
    { deadlineMs: 40_000 },
  );
  first.signal('SIGCONT');
  await until(
    'the first knows it',
    () =>
      first.text().includes('the lease of a target was lost') ||
      first.metric('seatrial_collector_lease_held', 'lease="here"').then((held) => held === undefined),
  );
  await using samples = collect((signal) => stream.read(SampleBatches, { from: 'new', follow: true, signal }));
  await until('samples come', () => samples.all.length > 4);
  expect(new Set(samples.all.map(({ data }) => data.f))).toEqual(new Set([successor]));
  expect(second.running && first.running).toBe(true);
});

test('of two collectors on one database one sweeps it', async () => {
  using folder = scratch();
  await using broker = await startBroker();
  await using stream = await connect(broker, 'collector');
  const archive = `${folder.path}/shared.db`;
  await using first = startCollector(broker, { targets, archive });
  await first.ready;
  await until(
    'the first has swept',
    async () => (await first.metric('seatrial_collector_archive_total', 'what="sweeps"')) === 1,
  );
  await using second = startCollector(broker, { targets, archive });
  await second.ready;
  await until(
    'both write',
    async () => ((await second.metric('seatrial_collector_archive_total', 'what="samples_written"')) ?? 0) > 0,
  );
  const held = (await stream.bucket<LeaseRecord>(CollectorLeases).entries())
    .map(({ key }) => key)
    .filter((key) => key.startsWith('sweep.'));
  expect(held).toHaveLength(1);
  expect(await second.metric('seatrial_collector_archive_total', 'what="sweeps"')).toBe(0);
  expect(held[0]).toMatch(/^sweep\.[0-9a-f]{16}$/);
});
