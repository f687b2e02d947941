import { describe, expect, test } from 'vitest';

import { batchOf, every, type Point } from './batches.ts';
import type { OpenFresh } from './describe-archive.ts';
import { DAY, FIVE, HOUR, MINUTE } from './oracle.ts';

const H0 = Date.UTC(2026, 0, 31, 22);
const TIERS = ['native', '60s', '5m', '1h'] as const;
const cpu = { resources: ['local/a'], metrics: ['cpu'] };

/** Writing, reading, late samples, fencing. */
export function describeSamples(fresh: OpenFresh): void {
  describe('samples', () => {
    test('raw values come back as written, a gap has one empty point and coverage counts what was due', async () => {
      const now = H0 + HOUR;
      await using db = await fresh({ clock: () => now });
      const all = every(20, H0, H0 + 10 * MINUTE, (_, i) => i);
      const gap = all.filter((p) => p.t < H0 + 3 * MINUTE || p.t >= H0 + 5 * MINUTE);
      await db.archive.samples.write([batchOf(gap)]);
      const { tier, stepMs, series } = await db.archive.samples.range({
        ...cpu,
        from: H0,
        to: H0 + 10 * MINUTE,
        step: 'raw',
      });
      expect({ tier, stepMs }).toEqual({ tier: 'native', stepMs: 0 });
      expect(series).toHaveLength(1);
      expect(series[0]?.t.filter((_, i) => series[0]?.mean[i] === null)).toEqual([H0 + 3 * MINUTE]);
      expect(series[0]?.mean.filter((v) => v !== null)).toEqual(gap.map((p) => p.value));
      expect(series[0]?.coverage).toEqual({ present: 24, due: 30, ratio: 0.8 });
    });

    test('an empty slot is null in every tier, never interpolated', async () => {
      const now = H0 + 5 * HOUR;
      await using db = await fresh({ clock: () => now, retention: { nativeMs: DAY } });
      await db.archive.samples.write([
        batchOf([...every(20, H0, H0 + HOUR, () => 1), ...every(20, H0 + 2 * HOUR, H0 + 3 * HOUR, () => 3)]),
      ]);
      await db.archive.sweep();
      const columns = TIERS.map(async (tier) => {
        const { series } = await db.archive.samples.range({ ...cpu, from: H0, to: H0 + 3 * HOUR, step: HOUR, tier });
        return { tier, mean: series[0]?.mean, count: series[0]?.count, coverage: series[0]?.coverage };
      });
      const wanted = { mean: [1, null, 3], count: [180, 0, 180], coverage: { present: 360, due: 540, ratio: 2 / 3 } };
      expect(await Promise.all(columns)).toEqual(TIERS.map((tier) => ({ tier, ...wanted })));
    });

    test('what is still to come is not due', async () => {
      const now = H0 + 30 * MINUTE;
      await using db = await fresh({ clock: () => now });
      await db.archive.samples.write([batchOf(every(20, H0, now, () => 1))]);
      const { series } = await db.archive.samples.range({ ...cpu, from: H0, to: H0 + HOUR, step: FIVE });
      expect(series[0]?.coverage).toEqual({ present: 90, due: 90, ratio: 1 });
    });

    test('a sample that comes after the roll-up of its hour changes every tier, before and after the next sweep', async () => {
      const now = H0 + 3 * HOUR;
      await using db = await fresh({ clock: () => now });
      await db.archive.samples.write([batchOf(every(20, H0, H0 + HOUR, () => 1))]);
      await db.archive.sweep();
      await db.archive.samples.write([batchOf([{ resource: 'local/a', metric: 'cpu', t: H0 + 10_000, value: 182 }])]);
      const read = async (): Promise<unknown[]> => {
        const tiers = ['60s', '5m', '1h'] as const;
        return Promise.all(
          tiers.map(
            async (tier) =>
              (await db.archive.samples.range({ ...cpu, from: H0, to: H0 + HOUR, step: HOUR, tier })).series[0]
                ?.mean[0],
          ),
        );
      };
      const before = await read();
      for (const mean of before) expect(mean).toBeCloseTo(2, 9);
      expect((await db.archive.sweep()).rolledUp).toBe(1);
      for (const mean of await read()) expect(mean).toBeCloseTo(2, 9);
      expect((await db.archive.sweep()).rolledUp).toBe(0);
    });

    test('of two pollers of one tick the later holder of the lease counts, whichever comes first', async () => {
      for (const order of [0, 1, 2]) {
        await using db = await fresh({ clock: () => H0 + HOUR });
        const by = (f: number, series: readonly string[]): Point[] =>
          series.map((metric) => ({ resource: 'local/a', metric, t: H0, value: f, f }));
        const batches = [batchOf(by(1, ['cpu', 'mem'])), batchOf(by(2, ['cpu', 'net'])), batchOf(by(3, ['net']))];
        for (let i = 0; i < 3; i++) await db.archive.samples.write([batches[(i + order) % 3] ?? batchOf([])]);
        const { series } = await db.archive.samples.range({
          resources: ['local/a'],
          metrics: ['cpu', 'mem', 'net'],
          from: H0,
          to: H0 + MINUTE,
          step: 'raw',
        });
        expect(series.map((s) => [s.metric, ...s.mean])).toEqual([
          ['cpu', 2],
          ['mem', 1],
          ['net', 3],
        ]);
      }
    });

    test('a tick that is split over two batches is whole again, and a redelivery adds nothing', async () => {
      await using db = await fresh({ clock: () => H0 + HOUR });
      const halves = [
        batchOf([{ resource: 'local/a', metric: 'cpu', t: H0, value: 1 }]),
        batchOf([{ resource: 'local/a', metric: 'mem', t: H0, value: 2 }]),
      ];
      expect(await db.archive.samples.write(halves)).toEqual({ samples: 2, rowsAdded: 1, tooLate: 0 });
      expect(await db.archive.samples.write(halves)).toEqual({ samples: 2, rowsAdded: 0, tooLate: 0 });
      const { series } = await db.archive.samples.range({
        resources: ['local/a'],
        metrics: ['cpu', 'mem'],
        from: H0,
        to: H0 + MINUTE,
        step: 'raw',
      });
      expect(series.map((s) => [s.metric, ...s.mean])).toEqual([
        ['cpu', 1],
        ['mem', 2],
      ]);
    });

    test('attribute sets are series of their own, in a stable order; names with dots, dollars and digits are only names', async () => {
      await using db = await fresh({ clock: () => H0 + HOUR });
      const odd = ['', 'a.b', '$set', '0', 'a@b#c', 'naïve'];
      const points = odd.map((value, i): Point => ({
        resource: 'local/x.y@1#$z',
        metric: 'system.network.io',
        attributes: { 'network.interface': value, b: '1' },
        t: H0,
        value: i,
      }));
      await db.archive.samples.write([batchOf(points.toReversed())]);
      const { series } = await db.archive.samples.range({
        resources: ['local/x.y@1#$z', 'local/x.y'],
        metrics: ['system.network.io'],
        from: H0,
        to: H0 + MINUTE,
        step: 'raw',
      });
      expect(series.map((s) => s.attributes['network.interface'])).toEqual(odd.toSorted());
      expect(new Map(series.map((s) => [s.attributes['network.interface'], s.mean[0]]))).toEqual(
        new Map(odd.map((name, i) => [name, i])),
      );
    });

    test('latest gives the newest value of each series within the look-back', async () => {
      const now = H0 + HOUR + 5 * MINUTE;
      await using db = await fresh({ clock: () => now });
      const old = every(20, now - 20 * MINUTE, now - 16 * MINUTE, () => 7, { metric: 'old' });
      const across = every(20, now - 10 * MINUTE, now - 6 * MINUTE, (_, i) => i, { metric: 'mem' });
      await db.archive.samples.write([
        batchOf(old),
        batchOf(across),
        batchOf(every(20, now - MINUTE, now, (_, i) => i)),
        batchOf(every(20, now - MINUTE, now, () => 5, { resource: 'local/b' })),
      ]);
      const latest = await db.archive.samples.latest({ resources: ['local/a', 'local/b', 'local/none'] });
      expect(latest.map((s) => [s.resource, s.metric, s.t, s.value, s.intervalS])).toEqual([
        ['local/a', 'cpu', now - 20_000, 2, 20],
        ['local/a', 'mem', now - 6 * MINUTE - 20_000, 11, 20],
        ['local/b', 'cpu', now - 20_000, 5, 20],
      ]);
      expect(
        (await db.archive.samples.latest({ resources: ['local/a'], metrics: ['old'], lookbackMs: HOUR })).map(
          (s) => s.value,
        ),
      ).toEqual([7]);
    });

    test('a malformed batch is refused whole, and so are queries that make no sense', async () => {
      await using db = await fresh({ clock: () => H0 + HOUR });
      const good = batchOf(every(20, H0, H0 + MINUTE, () => 1));
      const refused = { code: 'E-ARCHIVE-INVALID' };
      await expect(db.archive.samples.write([{ ...good, ri: [0, 0, 1] }])).rejects.toMatchObject(refused);
      await expect(db.archive.samples.write([{ ...good, vs: [1, 2, Number.NaN] }])).rejects.toMatchObject(refused);
      await expect(db.archive.samples.write([{ ...good, ts: [0] }])).rejects.toMatchObject(refused);
      const window = { from: H0, to: H0 + HOUR };
      expect((await db.archive.samples.range({ ...cpu, ...window })).series).toEqual([]);
      await expect(db.archive.samples.range({ ...cpu, from: H0, to: H0 })).rejects.toMatchObject(refused);
      await expect(db.archive.samples.range({ ...cpu, ...window, step: 0 })).rejects.toMatchObject(refused);
      await expect(db.archive.samples.range({ ...cpu, ...window, resources: [] })).rejects.toMatchObject(refused);
      await expect(
        db.archive.samples.range({ ...cpu, from: H0 - 365 * DAY, to: H0, step: 1000, tier: 'native' }),
      ).rejects.toMatchObject(refused);
      expect(await db.archive.health()).toEqual({ status: 'ok' });
    });
  });
}
