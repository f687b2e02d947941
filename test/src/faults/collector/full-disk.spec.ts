import { execFileSync } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { openArchive, type Archive } from '@seatrial/archive';
import type { Bus } from '@seatrial/bus';
import { SampleBatches, type SampleBatch } from '@seatrial/contracts';
import { startBroker, until } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { collect, connect, scratch, startCollector } from '../../e2e/collector/running.ts';

/** Why no small file system can be made here; undefined when one can. */
const impossible = process.getuid?.() === 0 ? undefined : 'only root may mount a tmpfs';

function smallDisk(): { readonly path: string } & Disposable {
  const folder = scratch();
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', folder.path]);
  return {
    path: folder.path,
    [Symbol.dispose]: () => {
      execFileSync('umount', ['--lazy', folder.path]);
      folder[Symbol.dispose]();
    },
  };
}

/** Some time ago, so that every tick has its own time. */
const BEGIN = Date.now() - 60_000;

/** A tick of a target that nobody polls, large enough to fill a small disk soon. */
function tick(n: number): SampleBatch {
  const rows = Array.from({ length: 1_000 }, (_, i) => i);
  return {
    v: 1,
    src: 'host',
    tgt: 'filler',
    f: 1,
    t0: BEGIN + n,
    iv: 10,
    rs: ['filler/host'],
    ss: rows.map((i) => [`m${i}`, {}]),
    ri: rows.map(() => 0),
    si: rows,
    ts: rows.map(() => 0),
    vs: rows.map((i) => Math.sin(i + n)),
  };
}

describe.skipIf(impossible !== undefined)(
  `a full disk${impossible === undefined ? '' : ` (skipped: ${impossible})`}`,
  () => {
    test(
      'stops the acks and shows in health; once there is room everything in the stream is in the archive',
      { timeout: 180_000 },
      async () => {
        using disk = smallDisk();
        const filler = join(disk.path, 'filler');
        const file = join(disk.path, 'a.db');
        await using broker = await startBroker();
        await using stream = await connect(broker, 'collector');
        await using collector = startCollector(broker, { targets: [{ id: 'here', src: 'host' }], archive: file });
        await until(
          'it writes',
          async () => ((await collector.metric('seatrial_collector_archive_total', 'what="samples_written"')) ?? 0) > 0,
        );
        expect((await collector.health()).parts['archive']).toEqual({ status: 'ok' });

        await writeFile(filler, Buffer.alloc(3 * 2 ** 20)).catch(() => undefined);
        let sent = 0;
        const publish = async (): Promise<void> => {
          await stream.publish(SampleBatches, tick(sent), { id: `filler:${sent}` });
          sent++;
        };
        await until('the disk is full', async () => {
          await publish();
          return (await collector.health()).parts['archive']?.code === 'E-ARCHIVE-FULL';
        });
        const full = await collector.health();
        expect(full).toMatchObject({
          status: 'degraded',
          parts: { archive: { status: 'degraded', code: 'E-ARCHIVE-FULL' } },
        });
        // More than can be held at once, so that the rest waits in the stream.
        while (sent < 100) await publish();
        const held = async (): Promise<number | undefined> =>
          collector.metric('seatrial_bus_ack_pending', 'durable="collector-sample"');
        await until('the handlers hold what they may', async () => (await held()) === 32);
        const written = await collector.metric('seatrial_collector_archive_total', 'what="samples_written"');
        const failures = (): Promise<number | undefined> =>
          collector.metric('seatrial_collector_archive_total', 'what="failures"');
        const before = (await failures()) ?? 0;
        await until('it tries again', async () => ((await failures()) ?? 0) > before + 64);
        expect(await collector.metric('seatrial_collector_archive_total', 'what="samples_written"')).toBe(written);
        expect(await held()).toBe(32);

        // Room for the backlog: a larger disk, as a person would give it.
        await rm(filler, { force: true });
        execFileSync('mount', ['-o', 'remount,size=64m', disk.path]);
        await until('it is well again', async () => (await collector.health()).parts['archive']?.status === 'ok');
        await until(
          'the backlog is written',
          async () =>
            (await collector.metric('seatrial_bus_pending', 'durable="collector-sample"')) === 0 &&
            ((await held()) ?? 0) === 0,
        );
        await collector.stop();

        const expected = await inStream(stream);
        await using archive = await openArchive(file);
        const stored = await inArchive(archive, [...expected.keys()]);
        expect([...expected].filter(([key, value]) => stored.get(key) !== value).map(([key]) => key)).toEqual([]);
        expect(stored.size).toBe(expected.size);
        await using letters = collect((signal) =>
          stream.readRaw('DLQ', { filter: 'seatrial.dlq.v1.estate.>', from: 'all', follow: false, signal }),
        );
        expect(letters.all).toEqual([]);
      },
    );

    test('at the start is no reason to die: the estate is watched, and the archive opens once there is room', async () => {
      using disk = smallDisk();
      const filler = join(disk.path, 'filler');
      await writeFile(filler, Buffer.alloc(4 * 2 ** 20)).catch(() => undefined);
      await using broker = await startBroker();
      await using collector = startCollector(broker, {
        targets: [{ id: 'here', src: 'host' }],
        archive: join(disk.path, 'a.db'),
      });
      await until(
        'it is ready and says why it is not well',
        async () => (await collector.health()).parts['archive']?.code === 'E-ARCHIVE-FULL',
      );
      await until(
        'it polls',
        async () => ((await collector.metric('seatrial_collector_samples_total', 'outcome="published"')) ?? 0) > 0,
      );
      await rm(filler);
      await until(
        'the archive takes samples',
        async () => ((await collector.metric('seatrial_collector_archive_total', 'what="samples_written"')) ?? 0) > 0,
      );
      expect((await collector.health()).parts['archive']).toEqual({ status: 'ok' });
    });
  },
);

/** Resource, series and time of one sample. */
function keyOf(resource: string, metric: string, attributes: Readonly<Record<string, string>>, at: number): string {
  const sorted = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([resource, metric, Object.fromEntries(sorted), at]);
}

/** Every sample that the stream holds. */
async function inStream(bus: Bus): Promise<Map<string, number>> {
  const samples = new Map<string, number>();
  for await (const { data } of bus.read(SampleBatches, { from: 'all', follow: false })) {
    for (const [row, value] of data.vs.entries()) {
      const [metric, attributes] = data.ss[data.si[row] ?? 0] ?? ['', {}];
      samples.set(keyOf(data.rs[data.ri[row] ?? 0] ?? '', metric, attributes, data.t0 + (data.ts[row] ?? 0)), value);
    }
  }
  return samples;
}

/** Every sample that the archive holds of the resources and metrics of these keys. */
async function inArchive(archive: Archive, keys: readonly string[]): Promise<Map<string, number>> {
  const parts = keys.map((key) => JSON.parse(key) as [string, string]);
  const [from, to] = [BEGIN - 60_000, Date.now() + 60_000];
  const samples = new Map<string, number>();
  for (const [resource, of] of Map.groupBy(parts, ([name]) => name)) {
    const metrics = [...new Set(of.map(([, metric]) => metric))];
    for (let i = 0; i < metrics.length; i += 50) {
      const asked = { resources: [resource], metrics: metrics.slice(i, i + 50), from, to, step: 'raw' } as const;
      for (const { metric, attributes, t, mean } of (await archive.samples.range(asked)).series)
        for (const [at, value] of mean.entries())
          if (value !== null) samples.set(keyOf(resource, metric, attributes, t[at] ?? 0), value);
    }
  }
  return samples;
}
