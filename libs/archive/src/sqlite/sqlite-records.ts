import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { setImmediate as immediate } from 'node:timers/promises';

import { RECORD_KEYS, type RecordFilter, type RecordKind, type RecordRow, type RecordStore } from '../core/store.ts';
import type { FindingChange, FindingHistory } from '../port/records.ts';
import { findingId, mergeFinding } from '../records/finding.ts';
import type { GroupCommit } from './group-commit.ts';

/** Findings, audit log and audit runs on node:sqlite. */
export class SqliteRecords implements RecordStore {
  readonly #db: DatabaseSync;
  readonly #commits: GroupCommit;

  constructor(db: DatabaseSync, commits: GroupCommit) {
    this.#db = db;
    this.#commits = commits;
  }

  append(kind: 'auditLog' | 'auditRuns', rows: readonly RecordRow[]): Promise<void> {
    return this.#commits.run(() => {
      for (const row of rows) this.#put('INSERT OR IGNORE', kind, row);
    });
  }

  recordFindings(changes: readonly FindingChange[]): Promise<void> {
    return this.#commits.run(() => {
      for (const change of changes) {
        const id = findingId(change.fingerprint, change.occurrence);
        const known = this.#db.prepare('SELECT body FROM findings WHERE id = ?').get(id);
        const merged = mergeFinding(known && (JSON.parse(String(known['body'])) as FindingHistory), change);
        const { at, fingerprint, checkId, targetId, state } = merged;
        this.#put('REPLACE', 'findings', {
          id,
          at,
          keys: { fingerprint, checkId, targetId, state },
          body: JSON.stringify(merged),
        });
      }
    });
  }

  async page(kind: RecordKind, { keys, from, to, after, limit }: RecordFilter): Promise<RecordRow[]> {
    await immediate();
    const where: string[] = [];
    const values: SQLInputValue[] = [];
    const add = (text: string, ...some: SQLInputValue[]): void => {
      where.push(text);
      values.push(...some);
    };
    // Column names come from our own list, never from the caller.
    for (const name of ['id', ...RECORD_KEYS[kind]]) if (keys[name] !== undefined) add(`${name} = ?`, keys[name]);
    if (from !== undefined) add('at >= ?', from);
    if (to !== undefined) add('at < ?', to);
    if (after) add('(at, id) < (?, ?)', after.at, after.id);
    const sql = `SELECT id, at, body FROM ${kind} ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY at DESC, id DESC LIMIT ?`;
    const rows = this.#db.prepare(sql).all(...values, limit);
    return rows.map((row) => ({ id: String(row['id']), at: Number(row['at']), keys: {}, body: String(row['body']) }));
  }

  async count(kind: RecordKind): Promise<number> {
    return Number(this.#db.prepare(`SELECT count(*) AS n FROM ${kind}`).get()?.['n']);
  }

  deleteRecords(kind: RecordKind, before: number, limit: number): Promise<number> {
    return this.#commits.run(() => {
      const closed = kind === 'findings' ? `AND state <> 'open'` : '';
      const sql = `DELETE FROM ${kind} WHERE id IN (SELECT id FROM ${kind} WHERE at < ? ${closed} ORDER BY at, id LIMIT ?)`;
      return Number(this.#db.prepare(sql).run(before, limit).changes);
    });
  }

  #put(verb: 'INSERT OR IGNORE' | 'REPLACE', kind: RecordKind, { id, at, keys, body }: RecordRow): void {
    const names = RECORD_KEYS[kind];
    const sql = `${verb} INTO ${kind} (id, at, body, ${names.join(', ')}) VALUES (?, ?, ?${', ?'.repeat(names.length)})`;
    this.#db.prepare(sql).run(id, at, body, ...names.map((name) => keys[name] ?? ''));
  }
}
