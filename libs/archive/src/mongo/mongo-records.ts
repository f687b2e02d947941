import type { Collection, Db, Filter } from 'mongodb';

import type { RecordFilter, RecordKind, RecordRow, RecordStore } from '../core/store.ts';
import type { FindingChange, FindingHistory } from '../port/records.ts';
import { findingId, mergeFinding } from '../records/finding.ts';
import { deleteOldest, insertMissing, type Keyed } from './bulk.ts';
import { duplicatesOf } from './mongo-errors.ts';

/** `body` is JSON text: label names with dots must not become paths. */
interface RecordDocument extends Keyed {
  readonly at: number;
  readonly body: string;
  readonly [key: string]: unknown;
}

const NAMES: Readonly<Record<RecordKind, string>> = {
  findings: 'isolation_findings',
  auditLog: 'audit_log',
  auditRuns: 'isolation_audits',
};

/** Writers that change one finding at the same time, before giving up. */
const MAX_TRIES = 20;

/** Findings, audit log and audit runs in ordinary documents. */
export class MongoRecords implements RecordStore {
  readonly #db: Db;

  constructor(db: Db) {
    this.#db = db;
  }

  async prepare(): Promise<void> {
    for (const kind of Object.keys(NAMES)) await this.#of(kind as RecordKind).createIndex({ at: -1, _id: -1 });
    await this.#of('findings').createIndex({ fingerprint: 1 });
    await this.#of('findings').createIndex({ targetId: 1 });
    await this.#of('auditLog').createIndex({ actor: 1, at: -1 });
  }

  async append(kind: 'auditLog' | 'auditRuns', rows: readonly RecordRow[]): Promise<void> {
    const unique = new Map(rows.toReversed().map(({ id, at, keys, body }) => [id, { _id: id, at, ...keys, body }]));
    await insertMissing(this.#of(kind), [...unique.values()]);
  }

  async recordFindings(changes: readonly FindingChange[]): Promise<void> {
    for (const change of changes) await this.#recordFinding(change);
  }

  async page(kind: RecordKind, { keys: { id, ...keys }, from, to, after, limit }: RecordFilter): Promise<RecordRow[]> {
    const time = { ...(from !== undefined && { $gte: from }), ...(to !== undefined && { $lt: to }) };
    const filter: Filter<RecordDocument> = {
      ...keys,
      ...(id !== undefined && { _id: id }),
      ...(Object.keys(time).length > 0 && { at: time }),
      ...(after && { $or: [{ at: { $lt: after.at } }, { at: after.at, _id: { $lt: after.id } }] }),
    };
    const found = await this.#of(kind).find(filter).sort({ at: -1, _id: -1 }).limit(limit).toArray();
    return found.map(({ _id, at, body }) => ({ id: _id, at, keys: {}, body }));
  }

  count(kind: RecordKind): Promise<number> {
    return this.#of(kind).countDocuments();
  }

  deleteRecords(kind: RecordKind, before: number, limit: number): Promise<number> {
    return deleteOldest(
      this.#of(kind),
      { at: { $lt: before }, ...(kind === 'findings' && { state: { $ne: 'open' } }) },
      'at',
      limit,
    );
  }

  /** Reads, merges, and writes only if nobody wrote in between. */
  async #recordFinding(change: FindingChange): Promise<void> {
    const findings = this.#of('findings');
    const _id = findingId(change.fingerprint, change.occurrence);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      const known = await findings.findOne({ _id });
      const merged = mergeFinding(known ? (JSON.parse(known.body) as FindingHistory) : undefined, change);
      const { at, fingerprint, checkId, targetId, state } = merged;
      const document = { at, fingerprint, checkId, targetId, state, body: JSON.stringify(merged) };
      if (known?.body === document.body) return;
      if (known) {
        if ((await findings.replaceOne({ _id, body: known.body }, document)).matchedCount === 1) return;
        continue;
      }
      try {
        await findings.insertOne({ _id, ...document });
        return;
      } catch (error) {
        if (!duplicatesOf(error)) throw error;
      }
    }
    throw new Error(`finding ${_id} changed ${MAX_TRIES} times while it was written`);
  }

  #of(kind: RecordKind): Collection<RecordDocument> {
    return this.#db.collection<RecordDocument>(NAMES[kind]);
  }
}
