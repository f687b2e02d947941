import type { SampleBatch } from '@seatrial/contracts';

import { seriesKey } from '../metrics/metric.ts';

/** The newest value of one series. */
export interface LastValue {
  readonly resource: string;
  readonly metric: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly t: number;
  readonly value: number;
  /** Sample interval, ms. */
  readonly intervalMs: number;
}

/** Intervals without a sample after which a value says nothing about now. */
const STALE_INTERVALS = 3;

/** True when the value is too old to stand for now. */
export function isStale(last: LastValue, nowMs: number): boolean {
  return nowMs - last.t > STALE_INTERVALS * last.intervalMs;
}

/** Newest value of every series, filled from batches. Older samples and those of an earlier owner of the target (lower fencing token) change nothing. */
export class LastValues {
  readonly #byResource = new Map<string, Map<string, LastValue>>();
  readonly #fences = new Map<string, number>();

  /** False when the batch comes from an owner that has been replaced. */
  take(batch: SampleBatch): boolean {
    const owner = `${batch.tgt} ${batch.sp ?? ''}`;
    if (batch.f < (this.#fences.get(owner) ?? 0)) return false;
    this.#fences.set(owner, batch.f);
    const keys = batch.ss.map(([metric, attributes]) => seriesKey(metric, attributes));
    for (const [row, value] of batch.vs.entries()) this.#put(batch, keys, row, value);
    return true;
  }

  /** Values of one resource, in no particular order. */
  of(resource: string): Iterable<LastValue> {
    return this.#byResource.get(resource)?.values() ?? [];
  }

  /** Value of one series. */
  get(resource: string, metric: string, attributes: Readonly<Record<string, string>> = {}): LastValue | undefined {
    return this.#byResource.get(resource)?.get(seriesKey(metric, attributes));
  }

  /** Forgets a resource that was removed from the estate. */
  forget(resource: string): void {
    this.#byResource.delete(resource);
  }

  #put(batch: SampleBatch, keys: readonly string[], row: number, value: number): void {
    const resource = batch.rs[batch.ri[row] ?? -1];
    const si = batch.si[row] ?? -1;
    const [series, key, offset] = [batch.ss[si], keys[si], batch.ts[row]];
    if (resource === undefined || series === undefined || key === undefined || offset === undefined) return;
    let values = this.#byResource.get(resource);
    if (values === undefined) this.#byResource.set(resource, (values = new Map()));
    const t = batch.t0 + offset;
    const known = values.get(key);
    if (known !== undefined && known.t > t) return;
    values.set(key, { resource, metric: series[0], attributes: series[1], t, value, intervalMs: batch.iv * 1000 });
  }
}
