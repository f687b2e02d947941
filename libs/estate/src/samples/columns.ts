import { shardOf, type SampleBatch } from '@seatrial/contracts';

import type { SeriesShape } from '../metrics/metric.ts';

/** What all samples of a tick have in common. */
export interface TickHead {
  readonly src: SampleBatch['src'];
  readonly tgt: string;
  /** Fencing token of the poller's lease. */
  readonly f: number;
  /** Epoch ms of the tick. */
  readonly t0: number;
  /** Interval, s. */
  readonly iv: number;
}

/** Most samples of one published batch; the bus would take 4,096. */
const BATCH_SAMPLES = 1_000;

type Columns = Omit<SampleBatch, 'v' | keyof TickHead>;

/**
 * Collects the samples of one tick into columnar batches, one list of batches a shard. A value that is not finite is no measurement: it is counted in `dropped`,
 * not sent.
 */
export class SampleColumns {
  readonly #head: TickHead;
  readonly #limit: number;
  readonly #open = new Map<number, OpenBatch>();
  readonly #full: SampleBatch[] = [];
  #shard: { readonly resource: string; readonly shard: number } | undefined;
  /** Values that were not finite. */
  dropped = 0;
  /** Samples taken. */
  samples = 0;

  constructor(head: TickHead, limit: number = BATCH_SAMPLES) {
    this.#head = head;
    this.#limit = limit;
  }

  /** @param atMs epoch ms of the reading */
  add(resource: string, series: SeriesShape, atMs: number, value: number): void {
    if (!Number.isFinite(value)) {
      this.dropped++;
      return;
    }
    const shard = this.#shardOf(resource);
    let open = this.#open.get(shard);
    if (open === undefined) this.#open.set(shard, (open = new OpenBatch()));
    open.add(resource, series, Math.round(atMs - this.#head.t0), value);
    this.samples++;
    if (open.size < this.#limit) return;
    this.#full.push(this.#batchOf(open));
    this.#open.delete(shard);
  }

  /** All batches, in the order in which each shard's samples came. The collection is empty afterwards. */
  take(): SampleBatch[] {
    const batches = [...this.#full, ...[...this.#open.values()].map((open) => this.#batchOf(open))];
    this.#full.length = 0;
    this.#open.clear();
    return batches;
  }

  #batchOf(open: OpenBatch): SampleBatch {
    return { v: 1, ...this.#head, ...open.columns };
  }

  /** Samples of one resource come one after the other, so its hash is computed once. */
  #shardOf(resource: string): number {
    if (this.#shard?.resource !== resource) this.#shard = { resource, shard: shardOf(resource) };
    return this.#shard.shard;
  }
}

class OpenBatch {
  readonly columns: Columns = { rs: [], ss: [], ri: [], si: [], ts: [], vs: [] };
  readonly #resources = new Map<string, number>();
  readonly #series = new Map<SeriesShape, number>();

  get size(): number {
    return this.columns.vs.length;
  }

  add(resource: string, series: SeriesShape, offsetMs: number, value: number): void {
    const { columns } = this;
    let ri = this.#resources.get(resource);
    if (ri === undefined) this.#resources.set(resource, (ri = columns.rs.push(resource) - 1));
    let si = this.#series.get(series);
    if (si === undefined)
      this.#series.set(series, (si = columns.ss.push([series.metric.name, { ...series.attributes }]) - 1));
    columns.ri.push(ri);
    columns.si.push(si);
    columns.ts.push(offsetMs);
    columns.vs.push(value);
  }
}
