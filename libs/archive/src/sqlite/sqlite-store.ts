import { statfs } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';

import type { RecordStore, SampleStore, Store } from '../core/store.ts';
import { translated } from '../core/translated.ts';
import { ArchiveFull } from '../errors.ts';
import { GroupCommit } from './group-commit.ts';
import { prepareSchema } from './schema.ts';
import { sqliteError } from './sqlite-errors.ts';
import { SqliteRecords } from './sqlite-records.ts';
import { SqliteSamples } from './sqlite-samples.ts';

/** Size of the write that proves there is room again, bytes: that of an ordinary batch. */
const PROBE_BYTES = 65_536;
/** Free bytes below which a disk that was full still counts as full. */
const ROOM_BYTES = 1_048_576;

/** Opens or makes a file. @throws ArchiveCorrupt, ArchiveFull, ArchiveIo */
export function openSqliteStore(path: string): Store {
  const translate = (error: unknown): unknown => sqliteError(error, path);
  try {
    const db = new DatabaseSync(path);
    prepareSchema(db, path);
    return translated(new SqliteStore(path, db, translate), translate);
  } catch (error) {
    throw translate(error);
  }
}

/** One SQLite file: WAL, every commit flushed to disk. Blocks its thread. */
class SqliteStore implements Store {
  readonly samples: SampleStore;
  readonly records: RecordStore;
  readonly #path: string;
  readonly #db: DatabaseSync;
  readonly #commits: GroupCommit;

  constructor(path: string, db: DatabaseSync, translate: (error: unknown) => unknown) {
    this.#path = path;
    this.#db = db;
    this.#commits = new GroupCommit(db);
    this.samples = translated(new SqliteSamples(db, this.#commits), translate);
    this.records = translated(new SqliteRecords(db, this.#commits), translate);
  }

  async bytes(): Promise<number> {
    const value = (name: string): number => Number(this.#db.prepare(`PRAGMA ${name}`).get()?.[name]);
    return (value('page_count') - value('freelist_count')) * value('page_size');
  }

  async ping(): Promise<void> {
    this.#db.prepare('SELECT 1').get();
  }

  async probe(): Promise<void> {
    // A small write may fit into what a failed one left behind, so the disk is asked as well.
    const { bavail, bsize } = await statfs(this.#path);
    if (bavail * bsize < ROOM_BYTES)
      throw new ArchiveFull(`${this.#path}: ${bavail * bsize} bytes are free on its disk, fewer than ${ROOM_BYTES}`);
    await this.#commits.run(() =>
      this.#db.prepare(`REPLACE INTO meta (key, value) VALUES ('probe', zeroblob(?))`).run(PROBE_BYTES),
    );
  }

  async close(): Promise<void> {
    // After the commits that wait.
    await this.#commits.run(() => undefined).catch(() => undefined);
    if (this.#db.isOpen) this.#db.close();
  }
}
