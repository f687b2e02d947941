import { batchShapeError, SampleBatches, type SampleBatch } from '@seatrial/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { METRICS } from '../metrics/catalogue.ts';
import { CONTAINER } from '../metrics/container.ts';
import { fixed } from '../normalise/series-cache.ts';
import { SampleColumns } from './columns.ts';
import { isStale, LastValues } from './last-values.ts';

const head = { src: 'docker', tgt: 'docker', f: 7, t0: 1_000_000, iv: 10 } as const;
const SERIES = [
  fixed(CONTAINER.memoryUsage),
  fixed(CONTAINER.cpuTime, { 'cpu.mode': 'user' }),
  fixed(CONTAINER.cpuTime, { 'cpu.mode': 'system' }),
] as const;

const samples = fc.array(
  fc.record({
    resource: fc.integer({ min: 0, max: 40 }).map((n) => `docker/c${n}`),
    series: fc.constantFrom(...SERIES),
    atMs: fc.integer({ min: 990_000, max: 1_010_000 }),
    value: fc.double(),
  }),
  { maxLength: 300 },
);

/** Rows of batches in a form that can be compared: one text a sample. */
const rowsOf = (batches: readonly SampleBatch[]): string[] =>
  batches.flatMap((batch) =>
    batch.vs.map((value, row) =>
      JSON.stringify([
        batch.rs[batch.ri[row] ?? -1],
        batch.ss[batch.si[row] ?? -1],
        batch.t0 + (batch.ts[row] ?? NaN),
        Object.is(value, -0) ? 0 : value,
      ]),
    ),
  );

describe('columnar batches', () => {
  test('hold exactly the finite samples that were added, fit their contract, and one shard each', () => {
    fc.assert(
      fc.property(samples, (all) => {
        const columns = new SampleColumns(head, 50);
        for (const { resource, series, atMs, value } of all) columns.add(resource, series, atMs, value);
        const batches = columns.take();
        const finite = all.filter(({ value }) => Number.isFinite(value));
        expect(rowsOf(batches).toSorted()).toEqual(
          finite
            .map(({ resource, series, atMs, value }) =>
              JSON.stringify([
                resource,
                [series.metric.name, series.attributes],
                atMs,
                Object.is(value, -0) ? 0 : value,
              ]),
            )
            .toSorted(),
        );
        expect(columns.dropped).toBe(all.length - finite.length);
        for (const batch of batches) {
          expect(SampleBatches.schema.safeParse(batch).success).toBe(true);
          expect(batchShapeError(batch, 1_000_000)).toBeUndefined();
          expect(batch.vs.length).toBeLessThanOrEqual(50);
        }
      }),
    );
  });

  test('are empty after they were taken', () => {
    const columns = new SampleColumns(head);
    columns.add('docker/c1', SERIES[0], 1_000_000, 1);
    expect(columns.take()).toHaveLength(1);
    expect(columns.take()).toEqual([]);
  });
});

describe('last values', () => {
  const batch = (f: number, t0: number, value: number): SampleBatch => ({
    v: 1,
    ...head,
    f,
    t0,
    rs: ['docker/c1'],
    ss: [['m', {}]],
    ri: [0],
    si: [0],
    ts: [0],
    vs: [value],
  });

  test('an older sample that comes late changes nothing', () => {
    const values = new LastValues();
    values.take(batch(7, 2_000, 2));
    values.take(batch(7, 1_000, 1));
    expect(values.get('docker/c1', 'm')?.value).toBe(2);
  });

  test('a poller that was replaced is refused', () => {
    const values = new LastValues();
    expect(values.take(batch(8, 1_000, 1))).toBe(true);
    expect(values.take(batch(7, 2_000, 2))).toBe(false);
    expect(values.get('docker/c1', 'm')?.value).toBe(1);
  });

  test('a value is stale after three intervals without another', () => {
    const values = new LastValues();
    values.take(batch(7, 0, 1));
    const last = values.get('docker/c1', 'm');
    expect(last && [isStale(last, 30_000), isStale(last, 30_001)]).toEqual([false, true]);
  });
});

test('metric names are unique and known once', () => {
  expect(new Set(METRICS.map(({ name }) => name)).size).toBe(METRICS.length);
});

test.each([
  ['after the reader’s clock and its skew', 1_000_000 + 5 * 60_000 + 1, 'in the future'],
  ['before 1970', -1, 'before 1970'],
])('a batch with one sample %s is malformed, whatever its t0', (_what, time, why) => {
  const t0 = 500_000;
  const batch: SampleBatch = {
    v: 1,
    src: 'docker',
    tgt: 'd',
    f: 1,
    t0,
    iv: 10,
    rs: ['d/a'],
    ss: [['m', {}]],
    ri: [0, 0],
    si: [0, 0],
    ts: [0, time - t0],
    vs: [1, 2],
  };
  expect(batchShapeError(batch, 1_000_000)).toContain(why);
  expect(batchShapeError({ ...batch, ts: [0, 500_000] }, 1_000_000)).toBeUndefined();
});
