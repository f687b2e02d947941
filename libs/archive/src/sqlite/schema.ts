import type { DatabaseSync } from 'node:sqlite';

import { ArchiveCorrupt } from '../errors.ts';

/** `PRAGMA application_id` of our files: "SeaT". A database of somebody else is refused, never written to. */
const APPLICATION_ID = 0x53_65_61_54;
/** `PRAGMA user_version`. */
const VERSION = 1;

/** Hours (`h`), times (`t`, `at`) are epoch ms; `r` and `s` point into `resources` and `series`. Native hours are tables of their own, see `nativeTable`. */
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value NOT NULL);
  CREATE TABLE resources (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  CREATE TABLE series (id INTEGER PRIMARY KEY, metric TEXT NOT NULL, attributes TEXT NOT NULL, UNIQUE (metric, attributes));
  CREATE TABLE dirty (h INTEGER, r INTEGER, token INTEGER NOT NULL, PRIMARY KEY (h, r)) WITHOUT ROWID;
  CREATE TABLE minutes (r INTEGER, s INTEGER, h INTEGER, iv REAL NOT NULL, slots BLOB NOT NULL, PRIMARY KEY (r, s, h)) WITHOUT ROWID;
  CREATE INDEX minutes_h ON minutes (h);
  CREATE TABLE fives (r INTEGER, s INTEGER, h INTEGER, iv REAL NOT NULL, slots BLOB NOT NULL, PRIMARY KEY (r, s, h)) WITHOUT ROWID;
  CREATE INDEX fives_h ON fives (h);
  CREATE TABLE direct (r INTEGER, s INTEGER, t INTEGER, iv REAL NOT NULL, value REAL NOT NULL, PRIMARY KEY (r, s, t)) WITHOUT ROWID;
  CREATE INDEX direct_t ON direct (t);
  CREATE TABLE hours (r INTEGER, s INTEGER, h INTEGER, iv REAL NOT NULL, min REAL NOT NULL, max REAL NOT NULL, sum REAL NOT NULL, cnt INTEGER NOT NULL, PRIMARY KEY (r, s, h)) WITHOUT ROWID;
  CREATE INDEX hours_h ON hours (h);
  CREATE TABLE findings (id TEXT PRIMARY KEY, at INTEGER NOT NULL, fingerprint TEXT NOT NULL, checkId TEXT NOT NULL, targetId TEXT NOT NULL, state TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX findings_at ON findings (at, id);
  CREATE INDEX findings_fingerprint ON findings (fingerprint, at, id);
  CREATE INDEX findings_target ON findings (targetId, at, id);
  CREATE TABLE auditLog (id TEXT PRIMARY KEY, at INTEGER NOT NULL, actor TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX auditLog_at ON auditLog (at, id);
  CREATE INDEX auditLog_actor ON auditLog (actor, at, id);
  CREATE TABLE auditRuns (id TEXT PRIMARY KEY, at INTEGER NOT NULL, platform TEXT NOT NULL, body TEXT NOT NULL);
  CREATE INDEX auditRuns_at ON auditRuns (at, id);
`;

/** Makes the tables of a new file, or checks that the file is ours. @throws ArchiveCorrupt */
export function prepareSchema(db: DatabaseSync, path: string): void {
  // busy_timeout first: a second process that opens the file waits instead of failing at once.
  db.exec(
    'PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864',
  );
  const id = pragma(db, 'application_id');
  const version = pragma(db, 'user_version');
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.['n'];
  if (id === 0 && version === 0 && tables === 0) {
    // One transaction: a process killed in between leaves an empty file, which the next start fills.
    db.exec(
      `BEGIN IMMEDIATE; ${TABLES} PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${VERSION}; COMMIT`,
    );
    return;
  }
  if (id !== APPLICATION_ID) throw new ArchiveCorrupt(`${path} is a database of another program`);
  if (version !== VERSION)
    throw new ArchiveCorrupt(`${path} has format ${version}; this program reads format ${VERSION}`);
}

const NATIVE = 'native_';

/** Table of one native hour. */
export const nativeTable = (hour: number): string => `${NATIVE}${hour}`;

export const createNativeTable = (hour: number): string =>
  `CREATE TABLE IF NOT EXISTS ${nativeTable(hour)} (r INTEGER, t INTEGER, f INTEGER, iv REAL NOT NULL, vals BLOB NOT NULL, PRIMARY KEY (r, t, f)) WITHOUT ROWID`;

/** Hours that have a table, oldest first. */
export function nativeHours(db: DatabaseSync): number[] {
  const rows = db.prepare(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB '${NATIVE}*'`).all();
  return rows.map((row) => Number(String(row['name']).slice(NATIVE.length))).toSorted((a, b) => a - b);
}

function pragma(db: DatabaseSync, name: string): number {
  return Number(db.prepare(`PRAGMA ${name}`).get()?.[name]);
}
