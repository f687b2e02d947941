import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

import { openArchive } from '@seatrial/archive';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

describe('a file that is not a whole archive', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'seatrial-damaged-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test('text is refused as corrupt, and stays as it was', async () => {
    const path = join(folder, 'notes.txt');
    const text = 'these are notes, not a database. '.repeat(100);
    await writeFile(path, text);
    await expect(openArchive(path)).rejects.toMatchObject({
      code: 'E-ARCHIVE-CORRUPT',
      message: expect.stringContaining(path) as string,
    });
    const file = await open(path);
    expect(await file.readFile('utf8')).toBe(text);
    await file.close();
  });

  test('the database of another program is refused, and so is a newer format', async () => {
    const foreign = join(folder, 'foreign.db');
    const other = new DatabaseSync(foreign);
    other.exec('CREATE TABLE guests (name TEXT); PRAGMA user_version = 1');
    other.close();
    await expect(openArchive(`sqlite:${foreign}`)).rejects.toMatchObject({
      code: 'E-ARCHIVE-CORRUPT',
      message: expect.stringContaining('another program') as string,
    });

    const newer = join(folder, 'newer.db');
    await (await openArchive(newer)).close();
    const db = new DatabaseSync(newer);
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(openArchive(newer)).rejects.toMatchObject({
      code: 'E-ARCHIVE-CORRUPT',
      message: expect.stringContaining('format 99') as string,
    });
  });

  test('damaged pages are told when they are read; other calls go on', async () => {
    const path = join(folder, 'archive.db');
    const entries = Array.from({ length: 500 }, (_, i) => ({
      id: `e${i}`,
      at: i,
      actor: 'ann',
      subject: 's',
      document: { pad: 'x'.repeat(500) },
    }));
    const first = await openArchive(path);
    await first.auditLog.append(entries);
    await first.close();
    const file = await open(path, 'r+');
    const { size } = await file.stat();
    // All but the first pages, which hold the schema and the small tables.
    await file.write(Buffer.alloc(size - 160_000, 0xee), 0, size - 160_000, 160_000);
    await file.close();
    await using archive = await openArchive(path);
    await expect(archive.auditLog.list({ limit: 500 })).rejects.toMatchObject({ code: 'E-ARCHIVE-CORRUPT' });
    expect(await archive.samples.latest({ resources: ['local/a'] })).toEqual([]);
  });

  test('a folder that cannot be made and an address that names nothing are told apart', async () => {
    const blocker = join(folder, 'file');
    await writeFile(blocker, '');
    await expect(openArchive(join(blocker, 'archive.db'))).rejects.toMatchObject({ code: 'E-ARCHIVE-IO' });
    await expect(openArchive(folder)).rejects.toMatchObject({ code: 'E-ARCHIVE-IO' });
    for (const url of ['', 'sqlite:', ':memory:', 'sqlite::memory:', 'postgres://localhost/x'])
      await expect(openArchive(url)).rejects.toMatchObject({ code: 'E-ARCHIVE-INVALID' });
  });
});
