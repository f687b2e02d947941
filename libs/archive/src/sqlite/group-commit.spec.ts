import { DatabaseSync } from 'node:sqlite';

import { expect, test } from 'vitest';

import { GroupCommit } from './group-commit.ts';

function counted(): { db: DatabaseSync; commits: GroupCommit; insert: (n: number) => Promise<unknown> } {
  const db = new DatabaseSync(':memory:');
  db.exec('CREATE TABLE numbers (n INTEGER PRIMARY KEY)');
  const commits = new GroupCommit(db);
  return { db, commits, insert: (n) => commits.run(() => db.prepare('INSERT INTO numbers VALUES (?)').run(n)) };
}
const stored = (db: DatabaseSync): unknown[] =>
  db
    .prepare('SELECT n FROM numbers ORDER BY n')
    .all()
    .map((row) => row['n']);

test('a job that fails leaves no trace, and the others of its transaction are kept', async () => {
  const { db, commits, insert } = counted();
  const failing = commits.run(() => {
    db.prepare('INSERT INTO numbers VALUES (2)').run();
    throw new Error('half way');
  });
  const [first, second, third] = await Promise.allSettled([insert(1), failing, insert(3)]);
  expect([first.status, second.status, third.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(stored(db)).toEqual([1, 3]);
});

test('when the whole transaction is gone every job of it is told so, and the next one works', async () => {
  const { db, commits, insert } = counted();
  // What SQLite does by itself on a full disk.
  const fatal = commits.run(() => {
    db.exec('ROLLBACK');
    throw new Error('disk full');
  });
  const outcomes = await Promise.allSettled([insert(1), fatal, insert(3)]);
  expect(outcomes.map((o) => o.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(stored(db)).toEqual([]);
  await insert(4);
  expect(stored(db)).toEqual([4]);
});

test('jobs beyond one transaction run in the next, in order', async () => {
  const { db, insert } = counted();
  await Promise.all(Array.from({ length: 150 }, (_, n) => insert(n)));
  expect(stored(db)).toEqual(Array.from({ length: 150 }, (_, n) => n));
});
