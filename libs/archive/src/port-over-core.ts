import { setImmediate as immediate } from 'node:timers/promises';

import type { SampleBatch } from '@seatrial/contracts';

import type { Core } from './core/archive-core.ts';
import type { RangeColumns } from './core/range-reader.ts';
import type { RecordKind, RecordRow } from './core/store.ts';
import { ArchiveClosed, ArchiveInvalid, shapeOf } from './errors.ts';
import type { Archive, ArchiveHealth, SweepReport } from './port/archive.ts';
import type {
  AuditLog,
  AuditLogEntry,
  AuditRun,
  AuditRuns,
  FindingArchive,
  FindingHistory,
  Page,
  PageQuery,
} from './port/records.ts';
import type {
  LatestQuery,
  LatestSample,
  RangeQuery,
  RangeResult,
  SampleArchive,
  SeriesRange,
  WriteReceipt,
} from './port/samples.ts';
import { decodeCursor, encodeCursor } from './records/cursor.ts';
import { inSpan, type DatabaseName } from './spans.ts';

/** Rows that cross the thread at once; 32 findings are about 200 kB. */
const ROWS_AT_ONCE = 32;
/** Points turned into plain arrays before other work gets its turn. */
const POINTS_AT_ONCE = 10_000;
const MAX_PAGE = 500;

/** The port over a core: cuts calls into slices so that the caller's event loop keeps turning, adds the clock and a span a call. */
export class PortOverCore implements Archive {
  readonly samples: SampleArchive;
  readonly findings: FindingArchive;
  readonly auditLog: AuditLog;
  readonly auditRuns: AuditRuns;
  readonly #core: Core;
  readonly #clock: () => number;
  readonly #database: DatabaseName;
  readonly #underWay = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(core: Core, clock: () => number, database: DatabaseName) {
    this.#core = core;
    this.#clock = clock;
    this.#database = database;
    this.samples = {
      write: (batches) =>
        this.#call('write-samples', { 'db.operation.batch.size': batches.length }, () => this.#write(batches)),
      range: (query) => this.#call('range', {}, () => this.#range(query)),
      latest: (query) => this.#call('latest', {}, () => this.#latest(query)),
    };
    this.findings = {
      record: (changes) =>
        this.#call('record-findings', { 'db.operation.batch.size': changes.length }, () =>
          this.#inSlices(changes, (slice) => core.recordFindings(slice, clock())),
        ),
      list: async ({ fingerprint, checkId, targetId, state, ...page }) => {
        const { rows, ...rest } = await this.#page('findings', { fingerprint, checkId, targetId, state }, page);
        return { rows: rows.map((row) => JSON.parse(row.body) as FindingHistory), ...rest };
      },
    };
    this.auditLog = {
      append: (entries) => this.#append('auditLog', entries),
      list: ({ actor, subject, ...page }) =>
        this.#page('auditLog', { actor, subject }, page).then((p) => parsed<AuditLogEntry>(p)),
    };
    this.auditRuns = {
      append: (runs) => this.#append('auditRuns', runs),
      list: ({ id, platform, ...page }) =>
        this.#page('auditRuns', { id, platform }, page).then((p) => parsed<AuditRun>(p)),
    };
  }

  sweep(): Promise<SweepReport> {
    return this.#call('sweep', {}, () => this.#core.sweep(this.#clock()));
  }

  async health(): Promise<ArchiveHealth> {
    try {
      if (this.#closed) throw new ArchiveClosed();
      return await this.#core.health(this.#clock());
    } catch (error) {
      return { status: 'degraded', ...shapeOf(error) };
    }
  }

  close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#core.stopSweeping();
      await Promise.allSettled(this.#underWay);
      await this.#core.close();
    })();
    return this.#closed;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  #call<T>(operation: string, attributes: Readonly<Record<string, number>>, call: () => Promise<T>): Promise<T> {
    if (this.#closed) return Promise.reject(new ArchiveClosed());
    const running = inSpan(this.#database, operation, attributes, call);
    this.#underWay.add(running);
    const ended = (): unknown => this.#underWay.delete(running);
    running.then(ended, ended);
    return running;
  }

  /** All batches are on their way before the first is done, so that they share a commit; between two of them other work gets its turn. */
  async #write(batches: readonly SampleBatch[]): Promise<WriteReceipt> {
    const writes: Promise<WriteReceipt>[] = [];
    for (const batch of batches) {
      if (writes.length > 0) await immediate();
      const write = this.#core.writeSamples(batch, this.#clock());
      write.catch(() => undefined); // Looked at below; a failure meanwhile is not unhandled.
      writes.push(write);
    }
    const receipts = await allOrFirstError(writes);
    const total = (of: (r: WriteReceipt) => number): number => receipts.reduce((sum, r) => sum + of(r), 0);
    return { samples: total((r) => r.samples), rowsAdded: total((r) => r.rowsAdded), tooLate: total((r) => r.tooLate) };
  }

  async #range(query: RangeQuery): Promise<RangeResult> {
    const { tier, stepMs, from, to, series: columns }: RangeColumns = await this.#core.range(query, this.#clock());
    const series: SeriesRange[] = [];
    let points = 0;
    for (const { resource, metric, attributes, columns: c } of columns) {
      points += c.t.length;
      if (points > POINTS_AT_ONCE) {
        points = 0;
        await immediate();
      }
      series.push({
        resource,
        metric,
        attributes,
        t: Array.from(c.t),
        mean: withNulls(c.mean),
        ...(c.min && { min: withNulls(c.min) }),
        ...(c.max && { max: withNulls(c.max) }),
        count: Array.from(c.count),
        coverage: c.coverage,
      });
    }
    return { tier, stepMs, from, to, series };
  }

  async #latest(query: LatestQuery): Promise<LatestSample[]> {
    const found: LatestSample[] = [];
    for (const resources of slicesOf(query.resources, ROWS_AT_ONCE))
      found.push(...(await this.#core.latest({ ...query, resources }, this.#clock())));
    return found;
  }

  #append(kind: 'auditLog' | 'auditRuns', entries: readonly (AuditLogEntry | AuditRun)[]): Promise<void> {
    const rows = entries.map(({ id, at, document, ...keys }): RecordRow => ({
      id,
      at,
      keys,
      body: JSON.stringify({ id, at, ...keys, document }),
    }));
    const operation = kind === 'auditLog' ? 'append-audit-log' : 'append-audit-runs';
    return this.#call(operation, { 'db.operation.batch.size': rows.length }, () =>
      this.#inSlices(rows, (slice) => this.#core.append(kind, slice, this.#clock())),
    );
  }

  async #inSlices<T>(rows: readonly T[], write: (slice: readonly T[]) => Promise<void>): Promise<void> {
    for (const slice of slicesOf(rows, ROWS_AT_ONCE)) await write(slice);
  }

  #page(
    kind: RecordKind,
    keys: Readonly<Record<string, string | undefined>>,
    { from, to, cursor, limit = 100 }: PageQuery,
  ): Promise<Page<RecordRow>> {
    return this.#call(`list-${kind.replace(/[A-Z]/, (c) => `-${c.toLowerCase()}`)}`, {}, async () => {
      if (!Number.isSafeInteger(limit) || limit < 1 || limit > MAX_PAGE)
        throw new ArchiveInvalid(`limit must be 1 to ${MAX_PAGE}`);
      const given = Object.fromEntries(
        Object.entries(keys).filter((entry): entry is [string, string] => entry[1] !== undefined),
      );
      const rows: RecordRow[] = [];
      let after = cursor === undefined ? undefined : decodeCursor(cursor);
      // One row more than asked for tells whether there is a next page.
      while (rows.length <= limit) {
        const ask = Math.min(ROWS_AT_ONCE, limit + 1 - rows.length);
        const got = await this.#core.page(kind, {
          keys: given,
          ...(from !== undefined && { from }),
          ...(to !== undefined && { to }),
          ...(after && { after }),
          limit: ask,
        });
        rows.push(...got);
        after = got.at(-1);
        if (got.length < ask) break;
      }
      const last = rows[limit - 1];
      return rows.length > limit && last ? { rows: rows.slice(0, limit), next: encodeCursor(last) } : { rows };
    });
  }
}

function parsed<Row>({ rows, ...rest }: Page<RecordRow>): Page<Row> {
  return { rows: rows.map((row) => JSON.parse(row.body) as Row), ...rest };
}

function* slicesOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  for (let i = 0; i < Math.max(all.length, 1); i += size) yield all.slice(i, i + size);
}

async function allOrFirstError<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const settled = await Promise.allSettled(promises);
  return settled.map((s) => {
    if (s.status === 'rejected') throw s.reason;
    return s.value;
  });
}

const withNulls = (column: Float64Array): (number | null)[] =>
  Array.from(column, (value) => (Number.isNaN(value) ? null : value));
