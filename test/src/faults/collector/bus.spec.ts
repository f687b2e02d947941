import { Frames, MetricsHistory, MetricsLatest, SampleBatches, TargetsList } from '@seatrial/contracts';
import { startBroker, until } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { collect, connect, scratch, startCollector } from '../../e2e/collector/running.ts';

const targets = [{ id: 'here', src: 'host' }];
const UPTIME = { resources: ['here/host'], metrics: ['system.uptime'] };

test('a broker that is killed and started again costs a gap, not the collector', { timeout: 120_000 }, async () => {
  using folder = scratch();
  await using broker = await startBroker();
  await using collector = startCollector(broker, { targets, archive: `${folder.path}/a.db` });
  await collector.ready;
  await using viewer = await connect(broker);
  const newest = async (): Promise<number> => (await viewer.request(MetricsLatest, UPTIME)).values[0]?.t ?? 0;
  await until('it measures', async () => (await newest()) > 0);

  await broker.kill();
  await until('readiness says so', async () => (await collector.health()).status === 'unavailable');
  const killedAt = Date.now();
  await broker.restart();
  await until('samples come again', async () => (await newest()) > killedAt, { deadlineMs: 60_000 });
  await until('it is well', async () => (await collector.health()).status === 'ok');
  expect((await viewer.request(TargetsList, {})).targets).toMatchObject([{ id: 'here', health: 'ok' }]);
  await using frames = collect((signal) => viewer.subscribe(Frames, { signal }));
  await until('frames come again', () => frames.all.length > 3);
  const window = { from: new Date(killedAt).toISOString(), to: new Date(Date.now() + 60_000).toISOString() };
  const history = await viewer.request(MetricsHistory, { ...UPTIME, ...window });
  expect(history.series[0]?.mean.some((value) => value !== null)).toBe(true);
  expect(collector.running).toBe(true);
});

test('a malformed batch on the stream is counted and acknowledged; the ones behind it are written', async () => {
  using folder = scratch();
  await using broker = await startBroker();
  await using collector = startCollector(broker, { targets, archive: `${folder.path}/a.db` });
  await collector.ready;
  await using stream = await connect(broker, 'collector');
  const head = { v: 1, src: 'host', tgt: 'odd', f: 1, t0: Date.now(), iv: 10 } as const;
  // Each fits the schema; what is wrong with it no schema can say.
  const malformed = [
    { ...head, rs: ['odd/host'], ss: [['m', {}] as [string, object]], ri: [0, 0], si: [0], ts: [0], vs: [1] },
    { ...head, rs: ['odd/host'], ss: [['m', {}] as [string, object]], ri: [7], si: [0], ts: [0], vs: [1] },
    {
      ...head,
      t0: Date.now() + 3_600_000,
      rs: ['odd/host'],
      ss: [['m', {}] as [string, object]],
      ri: [0],
      si: [0],
      ts: [0],
      vs: [1],
    },
  ];
  for (const batch of malformed) await stream.publish(SampleBatches, batch as never);
  // Once by the writer of the archive, once by the live view.
  await until(
    'all readers count them',
    async () =>
      (await collector.metric('seatrial_bus_dropped_invalid_total', 'type="estate.sample"')) === 2 * malformed.length,
  );
  const written = (): Promise<number | undefined> =>
    collector.metric('seatrial_collector_archive_total', 'what="samples_written"');
  const before = (await written()) ?? 0;
  await until('the next ones are written', async () => ((await written()) ?? 0) > before);
  expect((await collector.health()).status).toBe('ok');
  await using letters = collect((signal) =>
    stream.readRaw('DLQ', { filter: 'seatrial.dlq.v1.estate.>', from: 'all', follow: false, signal }),
  );
  expect(letters.all).toEqual([]);
});

test('a batch of a poller that was replaced does not change what is shown', async () => {
  using folder = scratch();
  await using broker = await startBroker();
  await using collector = startCollector(broker, { targets, archive: `${folder.path}/a.db` });
  await collector.ready;
  await using viewer = await connect(broker);
  await using stream = await connect(broker, 'collector');
  await until('it measures', async () => (await viewer.request(MetricsLatest, UPTIME)).values.length > 0);
  await stream.publish(SampleBatches, {
    v: 1,
    src: 'host',
    tgt: 'here',
    f: 0,
    t0: Date.now() + 60_000,
    iv: 1,
    rs: ['here/host'],
    ss: [['system.uptime', {}]],
    ri: [0],
    si: [0],
    ts: [0],
    vs: [-1],
  });
  await until(
    'it is counted',
    async () => (await collector.metric('seatrial_collector_dropped_batches_total', 'reason="fenced"')) === 1,
  );
  const { values } = await viewer.request(MetricsLatest, UPTIME);
  expect(values[0]?.value).toBeGreaterThan(0);
});
