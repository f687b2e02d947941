import { isDeepStrictEqual } from 'node:util';

import type { Archive, RangeQuery, RangeResult, SeriesRange, Tier } from '@seatrial/archive';
import type { SampleBatch } from '@seatrial/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { batchOf, type Point } from './batches.ts';
import type { Effort, OpenFresh } from './describe-archive.ts';
import { DAY, FIVE, HOUR, MINUTE, nameOf, Oracle } from './oracle.ts';

/** The hours cross the end of a day and of a month. */
const H0 = Date.UTC(2026, 0, 31, 22);
const HOURS = 3;
const NOW = H0 + 5 * HOUR;
const RESOURCES = ['local/a', 'local/b'];
const SERIES: readonly Pick<Point, 'metric' | 'attributes'>[] = [
  { metric: 'cpu' },
  { metric: 'net', attributes: { dev: 'eth0' } },
  { metric: 'net', attributes: { dev: 'eth1' } },
];
const METRICS = ['cpu', 'net'];

/** Each tier is a function of the samples alone. */
export function describeTiers(fresh: OpenFresh, { runs }: Effort): void {
  describe('tiers', () => {
    test('redelivered, shuffled and late batches give the tiers of the naive computation', async () => {
      await fc.assert(
        fc.asyncProperty(history, async ({ points, deliveries, sweepAfter }) => {
          await using db = await fresh({ clock: () => NOW, retention: { nativeMs: DAY } });
          for (const [i, batch] of deliveries.entries()) {
            await db.archive.samples.write([batch]);
            if (sweepAfter.has(i)) await db.archive.sweep();
          }
          expect(await differences(db.archive, new Oracle(points))).toEqual([]);
          await db.archive.sweep();
          expect(await differences(db.archive, new Oracle(points))).toEqual([]);
        }),
        { numRuns: runs, seed: 20_261_125, interruptAfterTimeLimit: SHRINK_MS },
      );
    });

    test('two orders of the same batches give equal answers to the last bit', async () => {
      await fc.assert(
        fc.asyncProperty(history, async ({ batches, deliveries, sweepAfter }) => {
          await using ordered = await fresh({ clock: () => NOW, retention: { nativeMs: DAY } });
          await using shuffled = await fresh({ clock: () => NOW, retention: { nativeMs: DAY } });
          await ordered.archive.samples.write(batches);
          for (const [i, batch] of deliveries.entries()) {
            await shuffled.archive.samples.write([batch]);
            if (sweepAfter.has(i)) await shuffled.archive.sweep();
          }
          await ordered.archive.sweep();
          await shuffled.archive.sweep();
          for (const query of QUERIES)
            expect(await shuffled.archive.samples.range(query)).toEqual(await ordered.archive.samples.range(query));
        }),
        { numRuns: Math.ceil(runs / 2), seed: 20_261_126, interruptAfterTimeLimit: SHRINK_MS },
      );
    });
  });
}

const point = fc.record({
  resource: fc.constantFrom(...RESOURCES),
  series: fc.constantFrom(...SERIES),
  value: fc.double({ min: -1e6, max: 1e6, noNaN: true }),
});
/** Ticks of 20 s, a third of them on hour and minute edges. */
const tick = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: 0, max: HOURS * 180 - 1 }) },
  { weight: 1, arbitrary: fc.constantFrom(0, 2, 3, 14, 15, 179, 180, 359, 360, HOURS * 180 - 1) },
);
const native = fc
  .record({ point, tick, f: fc.integer({ min: 1, max: 3 }) })
  .map(({ point: { resource, series, value }, tick: at, f }): Point => ({
    resource,
    ...series,
    value,
    t: H0 + at * 20_000,
    iv: 20,
    f,
  }));
const direct = fc
  .record({ point, slot: fc.integer({ min: 0, max: HOURS * 12 - 1 }) })
  .map(({ point: { resource, series, value }, slot }): Point => ({
    resource,
    ...series,
    value,
    t: H0 + slot * FIVE,
    iv: 300,
    f: 1,
  }));

/** Points, the batches that carry them, and a delivery of these in any order, some more than once, with sweeps in between. */
const history = fc
  .record({
    points: fc.uniqueArray(fc.oneof({ weight: 9, arbitrary: native }, { weight: 1, arbitrary: direct }), {
      minLength: 1,
      maxLength: 120,
      selector: (p) => `${nameOf(p)} ${p.t} ${p.f} ${p.iv}`,
    }),
    size: fc.integer({ min: 1, max: 30 }),
  })
  .map(({ points, size }) => ({ points, batches: batchesOf(points, size) }))
  .chain(({ points, batches }) =>
    fc.record({
      points: fc.constant(points),
      batches: fc.constant(batches),
      deliveries: fc
        .tuple(fc.shuffledSubarray(batches, { minLength: batches.length }), fc.shuffledSubarray(batches))
        .chain(([all, again]) => fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length })),
      sweepAfter: fc.uniqueArray(fc.nat({ max: 20 }), { maxLength: 3 }).map((list) => new Set(list)),
    }),
  );

function batchesOf(points: readonly Point[], size: number): SampleBatch[] {
  return [...Map.groupBy(points, (p) => `${p.f} ${p.iv}`).values()].flatMap((group) =>
    Array.from({ length: Math.ceil(group.length / size) }, (_, i) => batchOf(group.slice(i * size, (i + 1) * size))),
  );
}

/** A counterexample is made smaller for so long, ms; less than the time limit of a test. */
const SHRINK_MS = 45_000;

const whole = { resources: RESOURCES, metrics: METRICS, from: H0, to: H0 + HOURS * HOUR };
/** Inside hours, so that windows cut through stored documents. */
const part = { ...whole, from: H0 + 35 * MINUTE, to: H0 + 2 * HOUR + 10 * MINUTE };
const steps: readonly [Tier, number][] = [
  ['native', MINUTE],
  ['60s', MINUTE],
  ['60s', FIVE],
  ['5m', FIVE],
  ['5m', 3 * FIVE],
  ['1h', HOUR],
];
const QUERIES: readonly RangeQuery[] = [
  { ...whole, step: 'raw' },
  ...steps.flatMap(([tier, step]) => [
    { ...whole, tier, step },
    { ...part, tier, step },
  ]),
];

/** What every query gets wrong; empty when the archive answers as the oracle does. */
async function differences(archive: Archive, oracle: Oracle): Promise<string[]> {
  const wrong: string[] = [];
  for (const query of QUERIES) {
    const result = await archive.samples.range(query);
    const counts = result.tier === '5m' || result.tier === '1h';
    const [got, wanted] = [result.series.map(nameOf), oracle.names(result.from, result.to, counts)];
    if (got.length !== wanted.size || !got.every((name) => wanted.has(name)))
      wrong.push(`${result.tier}: series ${got.join(', ')} instead of ${[...wanted].join(', ')}`);
    for (const series of result.series)
      wrong.push(
        ...(result.stepMs === 0
          ? rawDifferences(result, series, oracle)
          : slotDifferences(result, series, oracle, counts)),
      );
  }
  return wrong;
}

function rawDifferences({ from, to }: RangeResult, series: SeriesRange, oracle: Oracle): string[] {
  const samples = series.t.map((t, i) => ({ t, value: series.mean[i] })).filter((p) => p.value !== null);
  const wanted = oracle.raw(nameOf(series), from, to);
  return isDeepStrictEqual(samples, wanted)
    ? []
    : [`raw ${nameOf(series)}: ${JSON.stringify(samples)} instead of ${JSON.stringify(wanted)}`];
}

function slotDifferences(
  { tier, stepMs, from, to }: RangeResult,
  series: SeriesRange,
  oracle: Oracle,
  counts: boolean,
): string[] {
  const wrong: string[] = [];
  if (series.t.length !== (to - from) / stepMs)
    wrong.push(`${tier}: ${series.t.length} slots in ${(to - from) / stepMs} steps`);
  for (const [i, t] of series.t.entries()) {
    const slot = oracle.slot(nameOf(series), t, stepMs, counts);
    const [mean, min, max, count] = [series.mean[i], series.min?.[i], series.max?.[i], series.count[i]];
    const extremes =
      tier === '60s'
        ? min === undefined && max === undefined
        : min === (slot?.min ?? null) && max === (slot?.max ?? null);
    // Rounding only: means of means are weighted by their counts.
    const near = slot
      ? typeof mean === 'number' &&
        Math.abs(mean - slot.mean) <= 1e-9 * Math.max(1, Math.abs(slot.min), Math.abs(slot.max))
      : mean === null;
    const place = t === from + i * stepMs;
    if (!place || !extremes || !near || count !== (slot?.count ?? 0))
      wrong.push(
        `${tier} ${nameOf(series)} ${t}: ${JSON.stringify({ mean, min, max, count })} instead of ${JSON.stringify(slot)}`,
      );
  }
  const present = series.count.reduce((a, b) => a + b, 0);
  if (series.coverage.present !== present)
    wrong.push(`${tier}: ${series.coverage.present} present, ${present} counted`);
  return wrong;
}
