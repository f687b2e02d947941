import type { Archive, Tier } from '@seatrial/archive';
import { describe, expect, test } from 'vitest';

import { batchOf, every } from './batches.ts';
import type { OpenFresh } from './describe-archive.ts';
import { DAY, HOUR, MINUTE } from './oracle.ts';

const H0 = Date.UTC(2026, 0, 31, 10);
const UPPER = ['60s', '5m', '1h'] as const;
const TIERS = ['native', ...UPPER] as const;

/** Roll-up before removal, exact boundaries, oldest first, slices. */
export function describeRetention(fresh: OpenFresh): void {
  describe('retention', () => {
    test('a native hour goes whole, at the millisecond it is old enough, and after its roll-up', async () => {
      let now = H0 + 2 * HOUR;
      await using db = await fresh({ clock: () => now, retention: { nativeMs: 30 * MINUTE } });
      await db.archive.samples.write([batchOf(every(60, H0, H0 + 2 * HOUR, () => 1, { iv: 60 }))]);
      now = H0 + HOUR + 30 * MINUTE - 1;
      expect((await db.archive.sweep()).nativeHours).toBe(0);
      expect(await countOf(db.archive, 'native', H0, 2)).toEqual([60, 60]);
      now++;
      expect((await db.archive.sweep()).nativeHours).toBe(1);
      expect(await countOf(db.archive, 'native', H0, 2)).toEqual([0, 60]);
      expect(await Promise.all(UPPER.map((tier) => countOf(db.archive, tier, H0, 2)))).toEqual(
        UPPER.map(() => [60, 60]),
      );
    });

    test('every upper tier goes by its own age, at the millisecond', async () => {
      let now = H0 + 4 * HOUR;
      const retention = { nativeMs: HOUR, minutesMs: 7 * DAY, fivesMs: 90 * DAY, hoursMs: 730 * DAY };
      await using db = await fresh({ clock: () => now, retention });
      await db.archive.samples.write([batchOf(every(60, H0, H0 + HOUR, () => 1, { iv: 60 }))]);
      await db.archive.sweep();
      const kept = async (): Promise<Tier[]> => {
        await db.archive.sweep();
        const counts = await Promise.all(
          TIERS.map(async (tier) => ({ tier, n: (await countOf(db.archive, tier, H0, 1))[0] ?? 0 })),
        );
        return counts.filter(({ n }) => n > 0).map(({ tier }) => tier);
      };
      const ends: readonly [number, Tier[], Tier[]][] = [
        [H0 + HOUR + 7 * DAY, ['60s', '5m', '1h'], ['5m', '1h']],
        [Date.UTC(2026, 1, 1) + 90 * DAY, ['5m', '1h'], ['1h']],
        [Date.UTC(2026, 1, 1) + 730 * DAY, ['1h'], []],
      ];
      for (const [at, before, after] of ends) {
        now = at - 1;
        expect(await kept()).toEqual(before);
        now = at;
        expect(await kept()).toEqual(after);
      }
    });

    test('a sample whose native hour is gone is counted as too late and changes nothing', async () => {
      const now = H0 + 10 * HOUR;
      await using db = await fresh({ clock: () => now });
      await db.archive.samples.write([batchOf(every(20, H0, H0 + HOUR, () => 1))]);
      await db.archive.sweep();
      const late = [
        ...every(20, H0, H0 + MINUTE, () => 100),
        ...every(20, H0 + 9 * HOUR, H0 + 9 * HOUR + MINUTE, () => 1),
      ];
      expect(await db.archive.samples.write([batchOf(late)])).toEqual({ samples: 6, rowsAdded: 3, tooLate: 3 });
      await db.archive.sweep();
      expect(await Promise.all(UPPER.map((tier) => slotsOf(db.archive, tier, H0, 1)))).toEqual(
        UPPER.map(() => [{ mean: 1, count: 180 }]),
      );
    });

    test('a roll-up of the source fills an empty 5-minute slot of a dropped hour, and only an empty one', async () => {
      const now = H0 + 10 * HOUR;
      await using db = await fresh({ clock: () => now });
      await db.archive.samples.write([batchOf(every(20, H0, H0 + 30 * MINUTE, () => 1))]);
      await db.archive.sweep();
      await db.archive.samples.write([batchOf(every(300, H0, H0 + HOUR, () => 9, { iv: 300 }))]);
      const expectFilled = async (): Promise<void> => {
        const { series } = await db.archive.samples.range({
          resources: ['local/a'],
          metrics: ['cpu'],
          from: H0,
          to: H0 + HOUR,
          step: 5 * MINUTE,
          tier: '5m',
        });
        expect(series[0]?.mean).toEqual([1, 1, 1, 1, 1, 1, 9, 9, 9, 9, 9, 9]);
        expect(await slotsOf(db.archive, '1h', H0, 1)).toEqual([{ mean: 1 + (6 * 8) / 96, count: 96 }]);
      };
      await expectFilled();
      await db.archive.sweep();
      await expectFilled();
    });

    test('above the size limit the oldest native hours go first, the current one stays', async () => {
      const now = H0 + 4 * HOUR + 30 * MINUTE;
      const points = (h: number): ReturnType<typeof every> => every(20, h, h + HOUR, (t) => t / 7, { iv: 20 });
      const load = async (archive: Archive): Promise<void> => {
        for (let h = H0; h <= now; h += HOUR) {
          const wide = Array.from({ length: 20 }, (_, i) => points(h).map((p) => ({ ...p, metric: `m${i}` }))).flat();
          await archive.samples.write([batchOf(wide.slice(0, 2000)), batchOf(wide.slice(2000))]);
        }
      };
      await using db = await fresh({ clock: () => now, retention: { maxBytes: 1, nativeMs: DAY } });
      await load(db.archive);
      const report = await db.archive.sweep();
      expect(report.nativeHours).toBeGreaterThan(0);
      expect(report.overBytes).toBe(true);
      const left = await db.archive.samples.range({
        resources: ['local/a'],
        metrics: ['m0'],
        from: H0,
        to: H0 + 5 * HOUR,
        step: HOUR,
        tier: 'native',
      });
      const counts = left.series[0]?.count ?? [];
      expect(counts.at(-1)).toBe(180);
      // Oldest first: what is left is one run up to now.
      expect(counts.findIndex((n) => n > 0)).toBe(report.nativeHours);
    });

    test('records above the count limit go oldest first, in more than one slice', async () => {
      const now = H0;
      await using db = await fresh({ clock: () => now, retention: { maxRecords: 100 } });
      const entries = Array.from({ length: 2150 }, (_, i) => ({
        id: `c${String(i).padStart(5, '0')}`,
        at: now - 10_000 + i,
        actor: 'ann',
        subject: 's',
        document: {},
      }));
      await db.archive.auditLog.append(entries);
      expect((await db.archive.sweep()).auditLog).toBe(2050);
      const { rows, next } = await db.archive.auditLog.list({ limit: 500 });
      expect(next).toBeUndefined();
      expect(rows.map((r) => r.id)).toEqual(
        entries
          .slice(-100)
          .toReversed()
          .map((e) => e.id),
      );
    });

    test('records go by age at the millisecond; an open finding stays however old', async () => {
      let now = H0;
      await using db = await fresh({
        clock: () => now,
        retention: { findingsMs: DAY, auditLogMs: DAY, auditRunsMs: DAY },
      });
      const change = { occurrence: 1, checkId: 'c', targetId: 't', document: {} };
      await db.archive.findings.record([
        { ...change, fingerprint: 'open', state: 'open', at: H0 },
        { ...change, fingerprint: 'gone', state: 'open', at: H0 - 1 },
        { ...change, fingerprint: 'gone', state: 'resolved', at: H0 },
      ]);
      await db.archive.auditLog.append([{ id: '1', at: H0, actor: 'a', subject: 's', document: {} }]);
      await db.archive.auditRuns.append([{ id: '1', at: H0, platform: 'docker', document: {} }]);
      now = H0 + DAY - 1;
      expect(await db.archive.sweep()).toMatchObject({ findings: 0, auditLog: 0, auditRuns: 0 });
      now++;
      expect(await db.archive.sweep()).toMatchObject({ findings: 1, auditLog: 1, auditRuns: 1 });
      expect((await db.archive.findings.list({})).rows.map((r) => r.fingerprint)).toEqual(['open']);
    });
  });
}

async function slotsOf(
  archive: Archive,
  tier: Tier,
  from: number,
  hours: number,
): Promise<{ mean: number | null; count: number }[]> {
  const { series } = await archive.samples.range({
    resources: ['local/a'],
    metrics: ['cpu'],
    from,
    to: from + hours * HOUR,
    step: HOUR,
    tier,
  });
  return Array.from({ length: hours }, (_, i) => ({
    mean: series[0]?.mean[i] ?? null,
    count: series[0]?.count[i] ?? 0,
  }));
}

async function countOf(archive: Archive, tier: Tier, from: number, hours: number): Promise<number[]> {
  return (await slotsOf(archive, tier, from, hours)).map((s) => s.count);
}
