import type { SampleBatch } from '@seatrial/contracts';

import { ArchiveInvalid, shapeOf } from '../errors.ts';
import type { ArchiveHealth, SweepReport } from '../port/archive.ts';
import type { FindingChange } from '../port/records.ts';
import type { LatestQuery, LatestSample, RangeQuery, WriteReceipt } from '../port/samples.ts';
import { decompose } from '../samples/rows.ts';
import { readLatest } from './latest-reader.ts';
import { readRange, type RangeColumns } from './range-reader.ts';
import { reachOf, type CompiledRetention } from './retention.ts';
import type { RecordFilter, RecordKind, RecordRow, Store } from './store.ts';
import { sweep } from './sweeper.ts';

/** The calls that cross a thread: small slices in, small slices out. `now` is the caller's clock, epoch ms. */
export interface Core {
  writeSamples(batch: SampleBatch, now: number): Promise<WriteReceipt>;
  range(query: RangeQuery, now: number): Promise<RangeColumns>;
  latest(query: LatestQuery, now: number): Promise<readonly LatestSample[]>;
  append(kind: 'auditLog' | 'auditRuns', rows: readonly RecordRow[], now: number): Promise<void>;
  recordFindings(changes: readonly FindingChange[], now: number): Promise<void>;
  page(kind: RecordKind, filter: RecordFilter): Promise<RecordRow[]>;
  sweep(now: number): Promise<SweepReport>;
  health(now: number): Promise<ArchiveHealth>;
  /** Lets a sweep under way end after its slice. */
  stopSweeping(): Promise<void>;
  close(): Promise<void>;
}

/** The archive's logic over any store. Runs in a thread of its own (`thread/`). */
export class ArchiveCore implements Core {
  readonly #store: Store;
  readonly #retention: CompiledRetention;
  #sweeping: Promise<SweepReport> | undefined;
  #closed: Promise<void> | undefined;
  #stopped = false;
  #trouble: ArchiveHealth | undefined;

  constructor(store: Store, retention: CompiledRetention) {
    this.#store = store;
    this.#retention = retention;
  }

  writeSamples(batch: SampleBatch, now: number): Promise<WriteReceipt> {
    return this.#writing(now, async () => {
      const mids = await this.#store.samples.resolve(batch.ss.map(([metric, attributes]) => ({ metric, attributes })));
      const { native, direct } = decompose(batch, mids);
      const horizon = await this.#store.samples.horizon();
      const kept = native.filter((row) => row.t >= horizon);
      const late = native.reduce((n, row) => n + (row.t < horizon ? row.values.size : 0), 0);
      const rowsAdded = await this.#store.samples.putSamples(kept, direct);
      return { samples: batch.vs.length, rowsAdded, tooLate: late };
    });
  }

  range(query: RangeQuery, now: number): Promise<RangeColumns> {
    return readRange(this.#store.samples, query, now, reachOf(this.#retention));
  }

  latest(query: LatestQuery, now: number): Promise<readonly LatestSample[]> {
    return readLatest(this.#store.samples, query, now);
  }

  append(kind: 'auditLog' | 'auditRuns', rows: readonly RecordRow[], now: number): Promise<void> {
    return this.#writing(now, () => this.#store.records.append(kind, rows));
  }

  recordFindings(changes: readonly FindingChange[], now: number): Promise<void> {
    const bad = changes.find(
      (c) => !Number.isSafeInteger(c.occurrence) || c.occurrence < 1 || !/^[a-z-]+$/.test(c.state),
    );
    if (bad)
      return Promise.reject(
        new ArchiveInvalid(`finding ${bad.fingerprint}: occurrence counts from 1 and a state is one lower-case word`),
      );
    return this.#writing(now, () => this.#store.records.recordFindings(changes));
  }

  page(kind: RecordKind, filter: RecordFilter): Promise<RecordRow[]> {
    return this.#store.records.page(kind, filter);
  }

  sweep(now: number): Promise<SweepReport> {
    this.#sweeping ??= sweep(this.#store, this.#retention, now, () => this.#stopped).finally(() => {
      this.#sweeping = undefined;
    });
    return this.#sweeping;
  }

  async health(now: number): Promise<ArchiveHealth> {
    try {
      await this.#writing(now, () => (this.#trouble ? this.#store.probe() : this.#store.ping()));
    } catch {
      // The failure is what `#trouble` now says.
    }
    return this.#trouble ?? { status: 'ok' };
  }

  async stopSweeping(): Promise<void> {
    this.#stopped = true;
    await this.#sweeping?.catch(() => undefined);
  }

  close(): Promise<void> {
    this.#closed ??= this.stopSweeping().then(() => this.#store.close());
    return this.#closed;
  }

  /** Remembers whether the last write worked. Malformed input says nothing about the database. */
  async #writing<T>(now: number, write: () => Promise<T>): Promise<T> {
    try {
      const value = await write();
      this.#trouble = undefined;
      return value;
    } catch (error) {
      const { code, message } = shapeOf(error);
      if (code !== ArchiveInvalid.code)
        this.#trouble = { status: 'degraded', code, message, since: this.#trouble?.since ?? now };
      throw error;
    }
  }
}
