import { describe, expect, test } from 'vitest';

import { batchOf, every } from './batches.ts';
import type { OpenFresh } from './describe-archive.ts';
import { DAY, HOUR, MINUTE } from './oracle.ts';

const H0 = Date.UTC(2026, 5, 1);

/** Opening, closing, choosing a tier. */
export function describeLifecycle(fresh: OpenFresh): void {
  describe('life', () => {
    test('everything is there after a restart', async () => {
      await using db = await fresh({ clock: () => H0 + HOUR });
      await db.archive.samples.write([batchOf(every(20, H0, H0 + HOUR, (_, i) => i))]);
      await db.archive.auditLog.append([{ id: '1', at: 1, actor: 'ann', subject: 's', document: { a: 1 } }]);
      const query = { resources: ['local/a'], metrics: ['cpu'], from: H0, to: H0 + HOUR, step: MINUTE };
      const before = await db.archive.samples.range(query);
      const again = await db.reopen();
      expect(await again.samples.range(query)).toEqual(before);
      expect((await again.auditLog.list({})).rows).toHaveLength(1);
    });

    test('a window is read from the coarsest tier that is fine enough and still holds its start', async () => {
      await using db = await fresh({ clock: () => H0 });
      const chosen = async (agoMs: number, lengthMs: number, step?: number): Promise<unknown> => {
        const from = H0 - agoMs;
        const { tier, stepMs } = await db.archive.samples.range({
          resources: ['local/a'],
          metrics: ['cpu'],
          from,
          to: from + lengthMs,
          ...(step !== undefined && { step }),
        });
        return [tier, stepMs / 1000];
      };
      expect(await chosen(10 * MINUTE, 10 * MINUTE)).toEqual(['native', 0]);
      expect(await chosen(4 * HOUR, 4 * HOUR)).toEqual(['native', 30]);
      expect(await chosen(DAY, 10 * MINUTE)).toEqual(['60s', 60]);
      expect(await chosen(DAY, DAY)).toEqual(['5m', 300]);
      expect(await chosen(DAY, DAY, MINUTE)).toEqual(['60s', 60]);
      expect(await chosen(30 * DAY, HOUR)).toEqual(['5m', 300]);
      expect(await chosen(365 * DAY, 365 * DAY)).toEqual(['1h', 86_400]);
      expect(await chosen(100 * DAY, HOUR)).toEqual(['1h', 3600]);
    });

    test('closing twice is fine, and every call after it says so', async () => {
      await using db = await fresh();
      await Promise.all([db.archive.close(), db.archive.close()]);
      const closed = { code: 'E-ARCHIVE-CLOSED' };
      await expect(db.archive.samples.write([batchOf(every(20, H0, H0 + MINUTE, () => 1))])).rejects.toMatchObject(
        closed,
      );
      await expect(db.archive.samples.latest({ resources: ['local/a'] })).rejects.toMatchObject(closed);
      await expect(db.archive.findings.list({})).rejects.toMatchObject(closed);
      await expect(db.archive.sweep()).rejects.toMatchObject(closed);
      expect(await db.archive.health()).toMatchObject({ status: 'degraded', code: 'E-ARCHIVE-CLOSED' });
    });

    test('calls under way when it closes are finished or say that it is closed', async () => {
      await using db = await fresh({ clock: () => H0 + HOUR });
      const writes = Array.from({ length: 20 }, (_, i) =>
        db.archive.auditLog
          .append([{ id: `e${i}`, at: i, actor: 'ann', subject: 's', document: {} }])
          .then(() => `e${i}`),
      );
      await db.archive.close();
      const settled = await Promise.allSettled(writes);
      const acknowledged = settled.flatMap((s) => (s.status === 'fulfilled' ? [s.value] : []));
      const refusals = settled.flatMap((s) => (s.status === 'rejected' ? [(s.reason as { code?: unknown }).code] : []));
      expect(refusals.filter((code) => code !== 'E-ARCHIVE-CLOSED')).toEqual([]);
      const kept = new Set((await (await db.reopen()).auditLog.list({ limit: 500 })).rows.map((r) => r.id));
      expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
    });

    test('two sweeps at once are one', async () => {
      await using db = await fresh({ clock: () => H0 + 3 * HOUR });
      await db.archive.samples.write([batchOf(every(20, H0, H0 + HOUR, () => 1))]);
      const [first, second] = await Promise.all([db.archive.sweep(), db.archive.sweep()]);
      expect(second).toEqual(first);
      expect(first.rolledUp).toBe(1);
    });
  });
}
