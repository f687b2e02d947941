import type { SampleBatch } from '@seatrial/contracts';

import { ArchiveInvalid } from '../errors.ts';
import { DIRECT_INTERVAL_S, FIVE_MS } from './tiers.ts';

/** Short id of (metric, attributes) in the dictionary of a store; opaque to everything else. */
export type Mid = string | number;

/** A series without its resource. */
export interface Series {
  readonly metric: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Wide document of the native tier: all values of one resource, tick and fencing token. */
export interface NativeRow {
  readonly r: string;
  /** Epoch ms. */
  readonly t: number;
  /** Fencing token of the poller. */
  readonly f: number;
  /** Sample interval, s. */
  readonly iv: number;
  readonly values: ReadonlyMap<Mid, number>;
}

/** A sample that is a roll-up of its source; fills a slot of the 5 m tier that no native sample fills. */
export interface DirectSample {
  readonly r: string;
  readonly mid: Mid;
  /** Start of the 5 m slot, epoch ms. */
  readonly slot: number;
  readonly iv: number;
  readonly value: number;
}

export interface Decomposed {
  readonly native: readonly NativeRow[];
  readonly direct: readonly DirectSample[];
}

/** Of two values for one place the larger counts: the rule must not depend on the order in which they come. */
export const mergeValues = (a: number, b: number): number => Math.max(a, b);

/** Splits a columnar batch into rows. `mids[i]` is the id of `batch.ss[i]`. @throws ArchiveInvalid */
export function decompose(batch: SampleBatch, mids: readonly Mid[]): Decomposed {
  const rows = batch.vs.length;
  if (batch.ri.length !== rows || batch.si.length !== rows || batch.ts.length !== rows)
    throw new ArchiveInvalid('the columns of the batch differ in length');
  const native = new Map<string, NativeRow & { readonly values: Map<Mid, number> }>();
  const direct: DirectSample[] = [];
  for (let i = 0; i < rows; i++) {
    const r = batch.rs[batch.ri[i] ?? -1];
    const mid = mids[batch.si[i] ?? -1];
    const value = batch.vs[i];
    const t = batch.t0 + (batch.ts[i] ?? Number.NaN);
    if (r === undefined || mid === undefined)
      throw new ArchiveInvalid(`row ${i} of the batch names a resource or series that it does not hold`);
    if (value === undefined || !Number.isFinite(value) || !Number.isSafeInteger(t))
      throw new ArchiveInvalid(`row ${i} of the batch is not a number at a time`);
    if (batch.iv >= DIRECT_INTERVAL_S) {
      direct.push({ r, mid, slot: Math.floor(t / FIVE_MS) * FIVE_MS, iv: batch.iv, value });
      continue;
    }
    const key = `${batch.ri[i]}@${t}`;
    const row = native.get(key) ?? { r, t, f: batch.f, iv: batch.iv, values: new Map<Mid, number>() };
    native.set(key, row);
    const before = row.values.get(mid);
    row.values.set(mid, before === undefined ? value : mergeValues(before, value));
  }
  return { native: [...native.values()], direct };
}

/** Attributes with sorted names, so that equal sets have one text. */
export function canonicalAttributes(attributes: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.fromEntries(Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))));
}

/** Text that names a series; equal for equal series. */
export const seriesKey = (series: Series): string => `${series.metric}\n${canonicalAttributes(series.attributes)}`;
