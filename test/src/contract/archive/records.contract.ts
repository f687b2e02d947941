import type { AuditLogEntry, FindingChange, FindingHistory, Page, PageQuery } from '@seatrial/archive';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { Effort, OpenFresh } from './describe-archive.ts';

const change = (
  fingerprint: string,
  occurrence: number,
  state: string,
  at: number,
  more: Partial<FindingChange> = {},
): FindingChange => ({
  fingerprint,
  occurrence,
  state,
  at,
  checkId: 'dkr.ns.pid.host',
  targetId: 'shop-worker',
  document: { state, at, labels: { 'com.example.dots': '$x' } },
  ...more,
});

/** Findings, audit log, audit runs. */
export function describeRecords(fresh: OpenFresh, { runs }: Effort): void {
  describe('records', () => {
    test('a finding has one row an occurrence, with its transitions and the document of the last', async () => {
      await using db = await fresh();
      const { findings } = db.archive;
      await findings.record([
        change('f', 1, 'open', 10),
        change('f', 1, 'resolved', 20, { reason: 'fixed' }),
        change('f', 2, 'open', 30),
      ]);
      const { rows, next } = await findings.list({ fingerprint: 'f' });
      expect(next).toBeUndefined();
      expect(rows).toEqual([
        { ...last(change('f', 2, 'open', 30)), transitions: [{ state: 'open', at: 30 }] },
        {
          ...last(change('f', 1, 'resolved', 20)),
          transitions: [
            { state: 'open', at: 10 },
            { state: 'resolved', at: 20, reason: 'fixed' },
          ],
        },
      ]);
      expect((await findings.list({ state: 'open' })).rows.map((r) => r.occurrence)).toEqual([2]);
    });

    test('redelivered and shuffled transitions give the same history', async () => {
      const changes = [
        change('f', 1, 'open', 10),
        change('f', 1, 'waived', 20),
        change('f', 2, 'open', 20),
        change('f', 2, 'resolved', 20),
        change('g', 1, 'open', 5),
        change('g', 1, 'resolved', 6),
      ];
      await using ordered = await fresh();
      await ordered.archive.findings.record(changes);
      const wanted = await ordered.archive.findings.list({});
      await fc.assert(
        fc.asyncProperty(
          fc
            .shuffledSubarray([...changes, ...changes], { minLength: changes.length * 2 })
            .chain((all) => fc.tuple(fc.constant(all), fc.nat({ max: all.length }))),
          async ([all, cut]) => {
            await using db = await fresh();
            await db.archive.findings.record(all.slice(0, cut));
            await db.archive.findings.record(all.slice(cut));
            expect(await db.archive.findings.list({})).toEqual(wanted);
          },
        ),
        { numRuns: runs, seed: 20_261_127, interruptAfterTimeLimit: 45_000 },
      );
    });

    test('findings are found by target, check and time', async () => {
      await using db = await fresh();
      await db.archive.findings.record([
        change('a', 1, 'open', 10),
        change('b', 1, 'open', 20, { targetId: 'shop-web' }),
        change('c', 1, 'open', 30, { checkId: 'dkr.port.wildcard' }),
      ]);
      const found = async (query: Parameters<typeof db.archive.findings.list>[0]): Promise<string[]> =>
        (await db.archive.findings.list(query)).rows.map((r) => r.fingerprint);
      expect(await found({ targetId: 'shop-web' })).toEqual(['b']);
      expect(await found({ checkId: 'dkr.ns.pid.host' })).toEqual(['b', 'a']);
      expect(await found({ from: 10, to: 30 })).toEqual(['b', 'a']);
      expect(await found({ targetId: 'shop-worker', from: 11 })).toEqual(['c']);
    });

    test('the audit log only grows: a second entry with an id changes nothing', async () => {
      await using db = await fresh();
      const entry: AuditLogEntry = {
        id: '1',
        at: 5,
        actor: 'ann',
        subject: 'seatrial.cmd.v1.isolation.audit-start',
        document: { outcome: 'accepted' },
      };
      await db.archive.auditLog.append([entry, { ...entry, actor: 'eve' }]);
      await db.archive.auditLog.append([{ ...entry, at: 6, document: {} }]);
      expect(await db.archive.auditLog.list({})).toEqual({ rows: [entry] });
    });

    test('the audit log is read by time, actor and subject, newest first', async () => {
      await using db = await fresh();
      const entries = ['a', 'b', 'c', 'd', 'e', 'f'].map((id, i): AuditLogEntry => ({
        id,
        at: i,
        actor: i % 2 ? 'ann' : 'bob',
        subject: i < 3 ? 's1' : 's2',
        document: { i },
      }));
      await db.archive.auditLog.append(entries);
      const ids = async (query: Parameters<typeof db.archive.auditLog.list>[0]): Promise<string> =>
        (await db.archive.auditLog.list(query)).rows.map((r) => r.id).join('');
      expect(await ids({})).toBe('fedcba');
      expect(await ids({ actor: 'ann' })).toBe('fdb');
      expect(await ids({ subject: 's2', actor: 'bob' })).toBe('e');
      expect(await ids({ from: 1, to: 4 })).toBe('dcb');
    });

    test('pages neither repeat nor lose rows, also where many have one time', async () => {
      await using db = await fresh();
      const entries = Array.from({ length: 137 }, (_, i): AuditLogEntry => ({
        id: `e${i}`,
        at: Math.floor(i / 50),
        actor: 'ann',
        subject: 's',
        document: { pad: 'x'.repeat(100) },
      }));
      await db.archive.auditLog.append(entries);
      const seen = await allPages((page) => db.archive.auditLog.list({ ...page, limit: 40 }));
      expect(seen.map((page) => page.length)).toEqual([40, 40, 40, 17]);
      const order = entries.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
      expect(seen.flat()).toEqual(order);
      await expect(db.archive.auditLog.list({ limit: 501 })).rejects.toMatchObject({ code: 'E-ARCHIVE-INVALID' });
      await expect(db.archive.auditLog.list({ cursor: 'nonsense' })).rejects.toMatchObject({
        code: 'E-ARCHIVE-INVALID',
      });
    });

    test('audit runs are kept once and found by id and platform', async () => {
      await using db = await fresh();
      const runs3 = ['a', 'b', 'c'].map((id, i) => ({
        id,
        at: i,
        platform: id === 'b' ? 'k8s' : 'docker',
        document: { targets: i },
      }));
      await db.archive.auditRuns.append(runs3);
      await db.archive.auditRuns.append(runs3);
      expect((await db.archive.auditRuns.list({})).rows).toEqual(runs3.toReversed());
      expect((await db.archive.auditRuns.list({ platform: 'docker' })).rows.map((r) => r.id)).toEqual(['c', 'a']);
      expect((await db.archive.auditRuns.list({ id: 'b' })).rows).toEqual([runs3[1]]);
    });
  });
}

function last({
  fingerprint,
  occurrence,
  checkId,
  targetId,
  state,
  at,
  document,
}: FindingChange): Omit<FindingHistory, 'transitions'> {
  return { fingerprint, occurrence, checkId, targetId, state, at, document };
}

async function allPages<Row>(list: (page: PageQuery) => Promise<Page<Row>>): Promise<(readonly Row[])[]> {
  const pages: (readonly Row[])[] = [];
  let cursor: string | undefined;
  do {
    const { rows, next } = await list(cursor === undefined ? {} : { cursor });
    pages.push(rows);
    cursor = next;
  } while (cursor !== undefined);
  return pages;
}
