import type { Point } from './batches.ts';

/** What one slot of one series must hold. */
export interface Slot {
  readonly mean: number;
  readonly min: number;
  readonly max: number;
  readonly count: number;
}

export const MINUTE = 60_000;
export const FIVE = 300_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** Text that names a series of the oracle. */
export const nameOf = (p: {
  readonly resource: string;
  readonly metric: string;
  readonly attributes?: Readonly<Record<string, string>>;
}): string => `${p.resource} ${p.metric} ${JSON.stringify(p.attributes ?? {})}`;

/**
 * A second, naive statement of what an archive must answer: it keeps every point and scans all of them for every slot. Of the points of one series and time the one with the
 * higher token counts, then the larger value. A roll-up of the source (interval of 300 s or more) counts where its 5-minute slot has no sample.
 */
export class Oracle {
  readonly #points: readonly Point[];

  constructor(points: readonly Point[]) {
    this.#points = points;
  }

  /** Series with samples in [from, to). */
  names(from: number, to: number, direct: boolean): Set<string> {
    return new Set(this.#points.filter((p) => p.t >= from && p.t < to && (direct || !isDirect(p))).map(nameOf));
  }

  /** Samples of a series, by time. */
  raw(name: string, from: number, to: number): { readonly t: number; readonly value: number }[] {
    const times = new Map<number, Point>();
    for (const p of this.#points) {
      if (isDirect(p) || nameOf(p) !== name || p.t < from || p.t >= to) continue;
      const other = times.get(p.t);
      if (!other || rank(p) > rank(other) || (rank(p) === rank(other) && p.value > other.value)) times.set(p.t, p);
    }
    return [...times.values()].toSorted((a, b) => a.t - b.t).map(({ t, value }) => ({ t, value }));
  }

  /** The slot [start, start + step). `direct` says whether roll-ups of the source count (tiers 5m and 1h). */
  slot(name: string, start: number, step: number, direct: boolean): Slot | undefined {
    const values = this.raw(name, start, start + step).map((p) => p.value);
    if (direct) {
      for (let five = start; five < start + step; five += FIVE) {
        if (this.raw(name, five, five + FIVE).length > 0) continue;
        const given = this.#points
          .filter((p) => isDirect(p) && nameOf(p) === name && p.t >= five && p.t < five + FIVE)
          .map((p) => p.value);
        if (given.length > 0) values.push(Math.max(...given));
      }
    }
    if (values.length === 0) return undefined;
    return {
      mean: values.reduce((a, b) => a + b, 0) / values.length,
      min: Math.min(...values),
      max: Math.max(...values),
      count: values.length,
    };
  }
}

const isDirect = (p: Point): boolean => (p.iv ?? 20) >= 300;
const rank = (p: Point): number => p.f ?? 1;
