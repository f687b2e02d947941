import { openArchive } from '@seatrial/archive';
import { findFerretDb, startFerretDb } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { batchOf, every } from './batches.ts';
import { HOUR } from './oracle.ts';

const program = findFerretDb();
const path = 'path' in program ? program.path : '';
const H0 = Date.UTC(2026, 5, 1);

describe.skipIf('missing' in program)(
  `several writers on one database${'missing' in program ? ` (skipped: ${program.missing})` : ''}`,
  () => {
    test('overlapping batches and sweeps at the same time give the tiers of one writer', async () => {
      await using server = await startFerretDb(path);
      const options = { clock: () => H0 + 3 * HOUR };
      await using one = await openArchive(`${server.url}/seatrial`, options);
      await using two = await openArchive(`${server.url}/seatrial`, options);
      const points = every(60, H0, H0 + HOUR, (_, i) => i, { iv: 60 });
      const batches = Array.from({ length: 6 }, (_, i) => batchOf(points.slice(i * 10, i * 10 + 10)));
      const halves = [batches.slice(0, 4), batches.slice(2)] as const;
      await Promise.all([one.samples.write(halves[0]), two.samples.write(halves[1]), one.sweep(), two.sweep()]);
      await Promise.all([one.sweep(), two.sweep()]);
      const counts = async (tier: '60s' | '5m' | '1h'): Promise<unknown> => {
        const { series } = await two.samples.range({
          resources: ['local/a'],
          metrics: ['cpu'],
          from: H0,
          to: H0 + HOUR,
          step: HOUR,
          tier,
        });
        return { mean: series[0]?.mean, count: series[0]?.count };
      };
      const wanted = { mean: [29.5], count: [60] };
      expect([await counts('60s'), await counts('5m'), await counts('1h')]).toEqual([wanted, wanted, wanted]);
    });

    test('two writers that meet in a window nobody wrote to before both succeed', async () => {
      await using server = await startFerretDb(path);
      const options = { clock: () => H0 + HOUR };
      await using one = await openArchive(`${server.url}/seatrial`, options);
      await using two = await openArchive(`${server.url}/seatrial`, options);
      const resources = Array.from({ length: 40 }, (_, i) => `local/${i}`);
      // Both make the same mark at the same time; one of the two upserts loses.
      for (const resource of resources) {
        const batch = batchOf(every(60, H0, H0 + HOUR / 60, () => 1, { resource, iv: 60 }));
        await Promise.all([one.samples.write([batch]), two.samples.write([batch])]);
      }
      expect((await one.samples.latest({ resources, lookbackMs: HOUR })).map((s) => s.resource)).toEqual(resources);
    });

    test('two auditors that report one occurrence at the same time keep both transitions', async () => {
      await using server = await startFerretDb(path);
      await using one = await openArchive(`${server.url}/seatrial`);
      await using two = await openArchive(`${server.url}/seatrial`);
      const change = { fingerprint: 'f', occurrence: 1, checkId: 'c', targetId: 't', document: {} };
      await Promise.all([
        one.findings.record([{ ...change, state: 'open', at: 1 }]),
        two.findings.record([{ ...change, state: 'resolved', at: 2 }]),
      ]);
      const { rows } = await one.findings.list({});
      expect(rows.map((row) => row.transitions.map((t) => t.state))).toEqual([['open', 'resolved']]);
    });
  },
);
