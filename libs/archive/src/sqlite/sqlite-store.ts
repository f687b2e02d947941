import { DatabaseSync } from 'node:sqlite';

import type { RecordStore, SampleStore, Store } from '../core/store.ts';
import { translated } from '../core/translated.ts';
import { GroupCommit } from './group-commit.ts';
import { prepareSchema } from './schema.ts';
import { sqliteError } from './sqlite-errors.ts';
import { SqliteRecords } from './sqlite-records.ts';
import { SqliteSamples } from './sqlite-samples.ts';

/** Size of the write that proves there is room again, bytes: that of an ordinary batch. */
const PROBE_BYTES = 65_536;

/** One SQLite file: WAL, every commit flushed to disk. Blocks its thread. */
export class SqliteStore implements Store {
  readonly samples: SampleStore;
  readonly records: RecordStore;
  readonly #db: DatabaseSync;
  readonly #commits: GroupCommit;

  /** @throws ArchiveCorrupt, ArchiveFull, ArchiveIo */
  constructor(path: string) {
    try {
      this.#db = new DatabaseSync(path);
      prepareSchema(this.#db, path);
    } catch (error) {
      throw sqliteError(error, path);
    }
    this.#commits = new GroupCommit(this.#db);
    const translate = (error: unknown): unknown => sqliteError(error, path);
    this.samples = translated(new SqliteSamples(this.#db, this.#commits), translate);
    this.records = translated(new SqliteRecords(this.#db, this.#commits), translate);
  }

  async bytes(): Promise<number> {
    const value = (name: string): number => Number(this.#db.prepare(`PRAGMA ${name}`).get()?.[name]);
    return (value('page_count') - value('freelist_count')) * value('page_size');
  }

  async ping(): Promise<void> {
    this.#db.prepare('SELECT 1').get();
  }

  async probe(): Promise<void> {
    try {
      await this.#commits.run(() =>
        this.#db.prepare(`REPLACE INTO meta (key, value) VALUES ('probe', zeroblob(?))`).run(PROBE_BYTES),
      );
    } catch (error) {
      throw sqliteError(error, this.#db.location() ?? 'archive');
    }
  }

  async close(): Promise<void> {
    // After the commits that wait.
    await this.#commits.run(() => undefined).catch(() => undefined);
    if (this.#db.isOpen) this.#db.close();
  }
}
