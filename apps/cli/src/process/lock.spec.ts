import { spawnSync } from 'node:child_process';
import { mkdtemp, readlink, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { takeLock } from './lock.ts';
import { markOf } from './mark.ts';

let directory = '';
let path = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'seatrial-lock-'));
  path = join(directory, 'lock');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('it names its holder while it is held, and is gone afterwards', async () => {
  const lock = await takeLock(path);
  expect(await readlink(path)).toBe(markOf(process.pid));
  await lock.release();
  await lock.release();
  await expect(readlink(path)).rejects.toThrow('ENOENT');
});

test('only one of many holds it at a time', async () => {
  let holders = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    await using _lock = await takeLock(path);
    holders += 1;
    most = Math.max(most, holders);
    await new Promise((done) => setImmediate(done));
    holders -= 1;
  };
  await Promise.all(Array.from({ length: 8 }, work));
  expect(most).toBe(1);
});

test('the lock of a process that ended is taken over', async () => {
  const { pid } = spawnSync('true');
  await symlink(`${pid}.1`, path);
  await using _lock = await takeLock(path);
  expect(await readlink(path)).toBe(markOf(process.pid));
});

test('a later process with the id of the dead holder does not keep the lock', async () => {
  await symlink(`${process.pid}.1`, path);
  await using _lock = await takeLock(path);
  expect(await readlink(path)).toBe(markOf(process.pid));
});

test('it gives up after its time and names the holder', async () => {
  await using _lock = await takeLock(path);
  const waits: string[] = [];
  const second = takeLock(path, { timeoutMs: 0, onWait: (holder) => waits.push(holder) });
  await expect(second).rejects.toMatchObject({ code: 'E-CONFLICT-LOCK', details: { pid: process.pid } });
});
