import {
  FIVES,
  MINUTES,
  type DirectSlots,
  type Fives,
  type HourSlot,
  type Minutes,
  type SeriesHour,
} from '../samples/roll-up.ts';
import type { HourOf, RolledWindow } from '../core/store.ts';
import type { Mid, NativeRow } from '../samples/rows.ts';
import { dayOf, HOUR_MS, monthAfter, monthOf } from '../samples/tiers.ts';
import type { Keyed } from './bulk.ts';

/** Null is an empty slot. */
export type Column = (number | null)[];

/** One resource, tick and fencing token: `<resource>@<ms>#<token>`. */
export interface NativeDocument extends Keyed {
  readonly r: string;
  readonly t: number;
  readonly f: number;
  readonly iv: number;
  readonly m: Record<string, number>;
}

/** 60 s tier, one resource and hour: `<resource>@<hour>`. `m` means, `n` counts, `iv` intervals, by series. */
export interface MinutesDocument extends Keyed {
  readonly r: string;
  readonly h: number;
  readonly m: Record<string, Column>;
  readonly n: Record<string, number[]>;
  readonly iv: Record<string, number>;
}

/** 5 m tier, a series and day, or 1 h tier, a series and month: `<resource>@<series>@<window>`. `iv` is kept by hour; `direct` only where the source rolls up itself. */
export interface SlotsDocument extends Keyed {
  readonly r: string;
  readonly s: string;
  /** Start of the day or month. */
  readonly w: number;
  readonly iv: Column;
  readonly min: Column;
  readonly max: Column;
  readonly sum: Column;
  readonly cnt: Column;
  readonly direct?: Column;
  readonly directIv?: Column;
}

/** Epoch ms with a fixed number of digits, so that text order is time order. */
const padded = (t: number): string => String(t).padStart(15, '0');

const nativeId = (row: NativeRow): string => `${row.r}@${padded(row.t)}#${padded(row.f)}`;
export const hourId = (r: string, h: number): string => `${r}@${padded(h)}`;
export const slotsId = (r: string, mid: Mid, w: number): string => `${r}@${mid}@${padded(w)}`;

export function nativeDocument(row: NativeRow): NativeDocument {
  return { _id: nativeId(row), r: row.r, t: row.t, f: row.f, iv: row.iv, m: Object.fromEntries(row.values) };
}

export function nativeRow({ r, t, f, iv, m }: NativeDocument): NativeRow {
  return { r, t, f, iv, values: new Map<Mid, number>(Object.entries(m)) };
}

/** Undefined when the native rows are gone: then there is nothing to write. */
export function minutesDocument({ r, h, series }: RolledWindow): MinutesDocument | undefined {
  const full = series.flatMap(({ mid, minutes }) => (minutes ? [[String(mid), minutes] as const] : []));
  if (full.length === 0) return undefined;
  const by = <T>(part: (m: Minutes) => T): Record<string, T> =>
    Object.fromEntries(full.map(([mid, minutes]) => [mid, part(minutes)]));
  return { _id: hourId(r, h), r, h, m: by((m) => withNulls(m.mean)), n: by((m) => [...m.cnt]), iv: by((m) => m.iv) };
}

export function minutesOfDocument({ h, m, n, iv }: MinutesDocument): HourOf<Minutes>[] {
  return Object.keys(m).map((mid) => ({
    mid,
    h,
    value: { iv: iv[mid] ?? Number.NaN, mean: withNaN(m[mid], 0, MINUTES), cnt: counts(n[mid], 0, MINUTES) },
  }));
}

/** A change of a slots document and the empty document it needs. */
export interface SlotChange {
  readonly empty: SlotsDocument;
  readonly set: Record<string, number | null>;
}

export function fivesChange(r: string, h: number, mid: Mid, fives: Fives): SlotChange {
  const empty = emptyDay(r, mid, h);
  const hour = (h - empty.w) / HOUR_MS;
  const set: Record<string, number | null> = { [`iv.${hour}`]: fives.iv };
  for (let i = 0; i < FIVES; i++) {
    const full = (fives.cnt[i] ?? 0) > 0;
    for (const name of ['min', 'max', 'sum', 'cnt'] as const)
      set[`${name}.${hour * FIVES + i}`] = full ? (fives[name][i] ?? null) : null;
  }
  return { empty, set };
}

export function hourChange(r: string, h: number, { mid }: SeriesHour, slot: HourSlot): SlotChange {
  const w = monthOf(h);
  const hours = (monthAfter(h) - w) / HOUR_MS;
  const i = (h - w) / HOUR_MS;
  return {
    empty: emptySlotsDocument(r, mid, w, hours, hours),
    set: {
      [`iv.${i}`]: slot.iv,
      [`min.${i}`]: slot.min,
      [`max.${i}`]: slot.max,
      [`sum.${i}`]: slot.sum,
      [`cnt.${i}`]: slot.cnt,
    },
  };
}

export function emptyDay(r: string, mid: Mid, t: number): SlotsDocument {
  return emptySlotsDocument(r, mid, dayOf(t), 24 * FIVES, 24);
}

/** Hours of a day document in [from, to) that hold something. */
export function fivesOfDocument(d: SlotsDocument, from: number, to: number): HourOf<Fives>[] {
  return eachHour(d.w, 24, from, to).flatMap(({ h, i }) => {
    const at = i * FIVES;
    const cnt = counts(d.cnt, at, FIVES);
    if (cnt.every((n) => n === 0)) return [];
    const column = (c: Column): Float64Array => withNaN(c, at, FIVES);
    return [
      {
        mid: d.s,
        h,
        value: { iv: d.iv[i] ?? Number.NaN, min: column(d.min), max: column(d.max), sum: column(d.sum), cnt },
      },
    ];
  });
}

export function directOfDocument(d: SlotsDocument, from: number, to: number): HourOf<DirectSlots>[] {
  return eachHour(d.w, 24, from, to).flatMap(({ h, i }) => {
    const iv = d.directIv?.[i];
    return iv == null ? [] : [{ mid: d.s, h, value: { iv, value: withNaN(d.direct, i * FIVES, FIVES) } }];
  });
}

export function hoursOfDocument(d: SlotsDocument, from: number, to: number): HourOf<HourSlot>[] {
  return eachHour(d.w, d.cnt.length, from, to).flatMap(({ h, i }) => {
    const [iv, min, max, sum, cnt] = [d.iv[i], d.min[i], d.max[i], d.sum[i], d.cnt[i]];
    return iv == null || min == null || max == null || sum == null || cnt == null
      ? []
      : [{ mid: d.s, h, value: { iv, min, max, sum, cnt } }];
  });
}

function eachHour(w: number, hours: number, from: number, to: number): { h: number; i: number }[] {
  return Array.from({ length: hours }, (_, i) => ({ h: w + i * HOUR_MS, i })).filter(({ h }) => h >= from && h < to);
}

function emptySlotsDocument(r: string, mid: Mid, w: number, slots: number, hours: number): SlotsDocument {
  const empty = (length: number): Column => Array.from({ length }, () => null);
  return {
    _id: slotsId(r, mid, w),
    r,
    s: String(mid),
    w,
    iv: empty(hours),
    min: empty(slots),
    max: empty(slots),
    sum: empty(slots),
    cnt: empty(slots),
  };
}

const withNulls = (column: Float64Array): Column => Array.from(column, (value) => (Number.isNaN(value) ? null : value));
const withNaN = (column: Column | undefined, at: number, length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => column?.[at + i] ?? Number.NaN);
const counts = (column: Column | undefined, at: number, length: number): Float64Array =>
  Float64Array.from({ length }, (_, i) => column?.[at + i] ?? 0);
