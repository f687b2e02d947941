import { type Mid, type NativeRow } from './rows.ts';
import { FIVE_MS, MINUTE_MS } from './tiers.ts';

export const MINUTES = 60;
export const FIVES = 12;

/** Slots of one series: min, max, sum are NaN where `cnt` is 0. */
export interface Slots {
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly sum: Float64Array;
  readonly cnt: Float64Array;
}

/** Means of the 60 minutes of one hour; NaN where `cnt` is 0. */
export interface Minutes {
  readonly iv: number;
  readonly mean: Float64Array;
  readonly cnt: Float64Array;
}

/** The 12 slots of one hour of the 5 m tier, from native samples only. `direct` holds what its source rolled up itself, NaN where nothing came. */
export interface Fives extends Slots {
  readonly iv: number;
}

/** One slot of the 1 h tier. */
export interface HourSlot {
  readonly iv: number;
  readonly min: number;
  readonly max: number;
  readonly sum: number;
  readonly cnt: number;
}

/** One sample, after the fencing rule. */
export interface Sample {
  readonly t: number;
  readonly value: number;
  readonly iv: number;
}

export function emptySlots(length: number): Slots {
  const nan = (): Float64Array => new Float64Array(length).fill(Number.NaN);
  return { min: nan(), max: nan(), sum: nan(), cnt: new Float64Array(length) };
}

/** Samples of each series in time order. For one (series, time) the row with the highest fencing token counts. */
export function samplesOf(rows: readonly NativeRow[]): Map<Mid, Sample[]> {
  const series = new Map<Mid, Sample[]>();
  for (const row of rows.toSorted((a, b) => a.t - b.t || a.f - b.f)) {
    for (const [mid, value] of row.values) {
      const samples = series.get(mid) ?? [];
      series.set(mid, samples);
      if (samples.at(-1)?.t === row.t) samples.pop();
      samples.push({ t: row.t, value, iv: row.iv });
    }
  }
  return series;
}

/** The hour's minutes, from native samples. `h` is the start of the hour, epoch ms. */
function minutesOf(h: number, samples: readonly Sample[]): Minutes {
  const slots = fold(h, samples, MINUTES, MINUTE_MS);
  return { iv: shortest(samples), mean: slots.sum.map((sum, i) => sum / (slots.cnt[i] ?? 0)), cnt: slots.cnt };
}

/** The hour's 5 m slots, from native samples. */
function fivesOf(h: number, samples: readonly Sample[]): Fives {
  return { iv: shortest(samples), ...fold(h, samples, FIVES, FIVE_MS) };
}

/** 5 m slots as they count: a slot without native samples takes the direct one, as a single sample. */
export function withDirect(fives: Fives | undefined, direct: DirectSlots | undefined): Fives | undefined {
  if (!direct) return fives;
  const iv = fives ? Math.min(fives.iv, direct.iv) : direct.iv;
  const from = fives ?? emptySlots(FIVES);
  const merged = { min: from.min.slice(), max: from.max.slice(), sum: from.sum.slice(), cnt: from.cnt.slice() };
  direct.value.forEach((value, i) => {
    if (Number.isNaN(value) || merged.cnt[i] !== 0) return;
    merged.min[i] = merged.max[i] = merged.sum[i] = value;
    merged.cnt[i] = 1;
  });
  return { iv, ...merged };
}

/** Direct samples of the 12 slots of one hour; NaN where none came. */
export interface DirectSlots {
  readonly iv: number;
  readonly value: Float64Array;
}

/** The 1 h slot, from the 5 m slots as they count; undefined when all are empty. */
function hourSlotOf(fives: Fives): HourSlot | undefined {
  let [min, max, sum, cnt] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0];
  for (let i = 0; i < FIVES; i++) {
    const n = fives.cnt[i] ?? 0;
    if (n === 0) continue;
    min = Math.min(min, fives.min[i] ?? min);
    max = Math.max(max, fives.max[i] ?? max);
    sum += fives.sum[i] ?? 0;
    cnt += n;
  }
  return cnt === 0 ? undefined : { iv: fives.iv, min, max, sum, cnt };
}

/** Everything one series gives in one hour. */
export interface SeriesHour {
  readonly mid: Mid;
  readonly minutes?: Minutes;
  readonly fives?: Fives;
  readonly hour?: HourSlot;
}

/**
 * Rolls up one (resource, hour): 60 s and 5 m from native rows, 1 h from the 5 m slots. Pure: equal rows in any order give equal results.
 * Without `rows` (the native hour is gone) only the 1 h slot is made, from the stored 5 m slots.
 */
export function rollHour(
  h: number,
  rows: readonly NativeRow[] | undefined,
  stored: ReadonlyMap<Mid, Fives>,
  direct: ReadonlyMap<Mid, DirectSlots>,
): SeriesHour[] {
  const samples = rows && samplesOf(rows);
  const mids = new Set<Mid>([...(samples?.keys() ?? stored.keys()), ...direct.keys()]);
  return [...mids].map((mid) => {
    const own = samples?.get(mid);
    const fives = samples ? own && fivesOf(h, own) : stored.get(mid);
    const counted = withDirect(fives, direct.get(mid));
    const hour = counted && hourSlotOf(counted);
    return { mid, ...(own && fives && { minutes: minutesOf(h, own), fives }), ...(hour && { hour }) };
  });
}

/** Adds one value to a slot. */
export function addTo(slots: Slots, i: number, min: number, max: number, sum: number, cnt: number): void {
  if (cnt === 0) return;
  const first = slots.cnt[i] === 0;
  slots.min[i] = first ? min : Math.min(slots.min[i] ?? min, min);
  slots.max[i] = first ? max : Math.max(slots.max[i] ?? max, max);
  slots.sum[i] = first ? sum : (slots.sum[i] ?? 0) + sum;
  slots.cnt[i] = (slots.cnt[i] ?? 0) + cnt;
}

function fold(h: number, samples: readonly Sample[], length: number, stepMs: number): Slots {
  const slots = emptySlots(length);
  for (const { t, value } of samples) {
    const i = Math.floor((t - h) / stepMs);
    if (i >= 0 && i < length) addTo(slots, i, value, value, value, 1);
  }
  return slots;
}

const shortest = (samples: readonly Sample[]): number =>
  samples.reduce((least, s) => Math.min(least, s.iv), Number.POSITIVE_INFINITY);

export const emptyDirect = (): DirectSlots => ({
  iv: Number.POSITIVE_INFINITY,
  value: new Float64Array(FIVES).fill(Number.NaN),
});
