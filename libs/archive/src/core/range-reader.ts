import { ArchiveInvalid } from '../errors.ts';
import type { RangeQuery, Tier } from '../port/samples.ts';
import {
  FIVES,
  MINUTES,
  samplesOf,
  withDirect,
  type DirectSlots,
  type Fives,
  type HourSlot,
  type Minutes,
  type Sample,
  type SeriesHour,
} from '../samples/roll-up.ts';
import { seriesKey, type Mid, type Series } from '../samples/rows.ts';
import { rawColumns, StepColumns, type Columns } from '../samples/series-columns.ts';
import {
  DAY_MS,
  FIVE_MS,
  HOUR_MS,
  hourOf,
  MINUTE_MS,
  planRange,
  type RangePlan,
  type Reach,
} from '../samples/tiers.ts';
import type { HourOf, SampleStore } from './store.ts';
import { rollWindow } from './windows.ts';

/** A range result before its columns are copied into plain arrays. */
export interface RangeColumns extends RangePlan {
  readonly series: readonly (Series & { readonly resource: string; readonly columns: Columns })[];
}

/** Most points in one answer: what the caller's thread turns into plain arrays in a few ms. */
const MAX_ANSWER_POINTS = 100_000;

/** Hours of stored tiers that one read of the store covers. */
const SLICE_MS: Readonly<Record<Exclude<Tier, 'native'>, number>> = {
  '60s': DAY_MS,
  '5m': 7 * DAY_MS,
  '1h': 400 * DAY_MS,
};

export async function readRange(
  store: SampleStore,
  query: RangeQuery,
  now: number,
  reach: Reach,
): Promise<RangeColumns> {
  if (query.resources.length < 1 || query.resources.length > 500)
    throw new ArchiveInvalid('resources must name 1 to 500 resources');
  const plan = planRange(query, now, reach);
  const known = await store.seriesOf(query.metrics);
  const wanted = new Set(known.keys());
  const series: (Series & { resource: string; columns: Columns })[] = [];
  let points = 0;
  for (const resource of new Set(query.resources)) {
    const columns =
      plan.stepMs === 0
        ? await readRaw(store, resource, plan, wanted, now)
        : await readSteps(store, resource, plan, wanted, now);
    for (const [mid, column] of columns) {
      points += column.t.length;
      if (points > MAX_ANSWER_POINTS)
        throw new ArchiveInvalid(
          `the answer has more than ${MAX_ANSWER_POINTS} points; ask for fewer series or a larger step`,
        );
      const name = known.get(mid);
      if (name) series.push({ ...name, resource, columns: column });
    }
  }
  const order = new Map(query.resources.map((r, i) => [r, i]));
  series.sort(
    (a, b) => (order.get(a.resource) ?? 0) - (order.get(b.resource) ?? 0) || (seriesKey(a) < seriesKey(b) ? -1 : 1),
  );
  return { ...plan, series };
}

async function readRaw(
  store: SampleStore,
  resource: string,
  plan: RangePlan,
  wanted: ReadonlySet<Mid>,
  now: number,
): Promise<Map<Mid, Columns>> {
  const series = new Map<Mid, Sample[]>();
  await eachNativeHour(store, resource, plan, wanted, (mid, samples) => {
    const list = series.get(mid) ?? [];
    series.set(mid, list);
    for (const sample of samples) list.push(sample);
  });
  return new Map([...series].map(([mid, samples]) => [mid, rawColumns(samples, plan.from, plan.to, now)]));
}

async function readSteps(
  store: SampleStore,
  resource: string,
  plan: RangePlan,
  wanted: ReadonlySet<Mid>,
  now: number,
): Promise<Map<Mid, Columns>> {
  const steps = new Map<Mid, StepColumns>();
  const of = (mid: Mid): StepColumns => {
    const column = steps.get(mid) ?? new StepColumns(plan);
    steps.set(mid, column);
    return column;
  };
  if (plan.tier === 'native') {
    await eachNativeHour(store, resource, plan, wanted, (mid, samples) => {
      const column = of(mid);
      for (const { t, value, iv } of samples) {
        column.add(t, value, value, value, 1);
        column.known(t, t + 1, iv);
      }
    });
  } else await eachStoredHour(store, resource, plan, plan.tier, wanted, of);
  return new Map(
    [...steps]
      .filter(([, column]) => !column.empty)
      .map(([mid, column]) => [mid, column.columns(now, plan.tier !== '60s')]),
  );
}

/** Gives the samples of each series inside the window, an hour at a time, in order. */
async function eachNativeHour(
  store: SampleStore,
  resource: string,
  plan: RangePlan,
  wanted: ReadonlySet<Mid>,
  give: (mid: Mid, samples: readonly Sample[]) => void,
): Promise<void> {
  for (const hour of await store.nativeHours()) {
    if (hour + HOUR_MS <= plan.from || hour >= plan.to) continue;
    for (const [mid, samples] of samplesOf(await store.readNative(resource, hour))) {
      if (!wanted.has(mid)) continue;
      const inside = samples.filter((s) => s.t >= plan.from && s.t < plan.to);
      if (inside.length > 0) give(mid, inside);
    }
  }
}

/** Feeds stored hours; those that are dirty are computed again from their source instead. */
async function eachStoredHour(
  store: SampleStore,
  resource: string,
  plan: RangePlan,
  tier: Exclude<Tier, 'native'>,
  wanted: ReadonlySet<Mid>,
  of: (mid: Mid) => StepColumns,
): Promise<void> {
  const first = hourOf(plan.from);
  // Marks before stored values: a window that is rolled up in between is then found among the stored ones.
  const fresh = new Map<number, SeriesHour[]>();
  for (const { h } of await store.dirty({ resource, fromHour: first, toHour: plan.to }))
    fresh.set(h, await rollWindow(store, resource, h));

  for (let from = first; from < plan.to; from += SLICE_MS[tier]) {
    const to = Math.min(from + SLICE_MS[tier], plan.to);
    const computed = [...fresh]
      .filter(([h]) => h >= from && h < to)
      .flatMap(([h, hours]) => hours.map((value) => ({ mid: value.mid, h, value })));
    if (tier === '60s') {
      const stored = await store.readMinutes(resource, from, to, wanted);
      for (const { mid, h, value } of overlay(stored, computed, (s) => s.minutes, wanted))
        feedMinutes(of(mid), h, value);
    } else if (tier === '5m') {
      const stored = await store.readFives(resource, from, to, wanted);
      const direct = await store.readDirect(resource, from, to, wanted);
      for (const { mid, h, value } of joinDirect(
        overlay(stored, computed, (s) => s.fives, wanted),
        direct,
      ))
        feedFives(of(mid), h, value);
    } else {
      const stored = await store.readHours(resource, from, to, wanted);
      for (const { mid, h, value } of overlay(stored, computed, (s) => s.hour, wanted)) feedHour(of(mid), h, value);
    }
  }
}

/** Stored hours with the computed ones in their place, by time. */
function overlay<T>(
  stored: readonly HourOf<T>[],
  computed: readonly HourOf<SeriesHour>[],
  part: (s: SeriesHour) => T | undefined,
  wanted: ReadonlySet<Mid>,
): HourOf<T>[] {
  const all = new Map(stored.map((hour) => [placeOf(hour), hour]));
  for (const { mid, h, value } of computed) {
    const own = part(value);
    if (own !== undefined && wanted.has(mid)) all.set(placeOf({ mid, h }), { mid, h, value: own });
  }
  return [...all.values()].toSorted((a, b) => a.h - b.h);
}

function joinDirect(fives: readonly HourOf<Fives>[], direct: readonly HourOf<DirectSlots>[]): HourOf<Fives>[] {
  const all = new Map(fives.map((hour) => [placeOf(hour), hour]));
  for (const { mid, h, value } of direct) {
    const joined = withDirect(all.get(placeOf({ mid, h }))?.value, value);
    if (joined) all.set(placeOf({ mid, h }), { mid, h, value: joined });
  }
  return [...all.values()].toSorted((a, b) => a.h - b.h);
}

const placeOf = ({ mid, h }: { readonly mid: Mid; readonly h: number }): string => `${mid}@${h}`;

function feedMinutes(column: StepColumns, h: number, { iv, mean, cnt }: Minutes): void {
  column.known(h, h + HOUR_MS, iv);
  for (let i = 0; i < MINUTES; i++) {
    const [m, n] = [mean[i] ?? Number.NaN, cnt[i] ?? 0];
    column.add(h + i * MINUTE_MS, m, m, m * n, n);
  }
}

function feedFives(column: StepColumns, h: number, { iv, min, max, sum, cnt }: Fives): void {
  column.known(h, h + HOUR_MS, iv);
  for (let i = 0; i < FIVES; i++)
    column.add(h + i * FIVE_MS, min[i] ?? Number.NaN, max[i] ?? Number.NaN, sum[i] ?? Number.NaN, cnt[i] ?? 0);
}

function feedHour(column: StepColumns, h: number, { iv, min, max, sum, cnt }: HourSlot): void {
  column.known(h, h + HOUR_MS, iv);
  column.add(h, min, max, sum, cnt);
}
