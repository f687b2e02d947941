import type { Coverage } from '../port/samples.ts';
import { addTo, emptySlots, type Sample, type Slots } from './roll-up.ts';

/** Columns of one series on their way to the caller; NaN is a gap. Typed, so that they cross a thread without a copy. */
export interface Columns {
  readonly t: Float64Array;
  readonly mean: Float64Array;
  readonly min?: Float64Array;
  readonly max?: Float64Array;
  readonly count: Float64Array;
  readonly coverage: Coverage;
}

/** A stretch of time with one sample interval, for coverage. */
interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly iv: number;
}

/** Collects one series into equal steps, and how many samples were due. */
export class StepColumns {
  readonly #slots: Slots;
  readonly #from: number;
  readonly #to: number;
  readonly #stepMs: number;
  readonly #stretches: Stretch[] = [];

  constructor(plan: { readonly from: number; readonly to: number; readonly stepMs: number }) {
    this.#from = plan.from;
    this.#to = plan.to;
    this.#stepMs = plan.stepMs;
    this.#slots = emptySlots((plan.to - plan.from) / plan.stepMs);
  }

  /** Adds a value of time `t`; times outside the window are left out. */
  add(t: number, min: number, max: number, sum: number, cnt: number): void {
    if (t >= this.#from && t < this.#to)
      addTo(this.#slots, Math.floor((t - this.#from) / this.#stepMs), min, max, sum, cnt);
  }

  /** From `from` to `to` the series had the interval `iv`, s. Stretches come in time order. */
  known(from: number, to: number, iv: number): void {
    this.#stretches.push({ from, to, iv });
  }

  get empty(): boolean {
    return this.#slots.cnt.every((n) => n === 0);
  }

  /** `now` bounds what can be due; `extremes` is false where the tier keeps means only. */
  columns(now: number, extremes: boolean): Columns {
    const { min, max, sum, cnt } = this.#slots;
    const present = cnt.reduce((a, b) => a + b, 0);
    return {
      t: Float64Array.from(cnt, (_, i) => this.#from + i * this.#stepMs),
      mean: sum.map((s, i) => s / (cnt[i] ?? 0)),
      ...(extremes && { min, max }),
      count: cnt,
      coverage: coverage(present, this.#from, Math.min(this.#to, now), this.#stretches),
    };
  }
}

/** Samples as they were taken; where the next one is more than half an interval late, one empty point marks the gap. */
export function rawColumns(samples: readonly Sample[], from: number, to: number, now: number): Columns {
  const t: number[] = [];
  const value: number[] = [];
  let before: Sample | undefined;
  for (const sample of samples) {
    const dueMs = before ? before.iv * 1000 : 0;
    if (before && sample.t - before.t > 1.5 * dueMs) {
      t.push(before.t + dueMs);
      value.push(Number.NaN);
    }
    t.push(sample.t);
    value.push(sample.value);
    before = sample;
  }
  const column = Float64Array.from(value);
  return {
    t: Float64Array.from(t),
    mean: column,
    min: column.slice(),
    max: column.slice(),
    count: column.map((v) => (Number.isNaN(v) ? 0 : 1)),
    coverage: coverage(
      samples.length,
      from,
      Math.min(to, now),
      samples.map((s) => ({ from: s.t, to: s.t + 1, iv: s.iv })),
    ),
  };
}

/** Present against due. Where the interval is not known, the one before counts on, or the first one where nothing is before. */
export function coverage(present: number, from: number, to: number, stretches: readonly Stretch[]): Coverage {
  let due = 0;
  let at = from;
  let iv = stretches[0]?.iv;
  const advance = (end: number): void => {
    if (iv !== undefined && end > at) {
      due += (end - at) / (iv * 1000);
      at = end;
    }
  };
  for (const stretch of stretches) {
    advance(Math.min(stretch.from, to));
    iv = stretch.iv;
    advance(Math.min(stretch.to, to));
  }
  advance(to);
  const whole = Math.max(present, Math.round(due));
  return { present, due: whole, ratio: whole === 0 ? null : present / whole };
}
