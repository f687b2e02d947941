import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { KeptFile } from './kept-file.ts';
import { KernelFileTooLarge, readKernelFile } from './read.ts';

const directory = () => mkdtempDisposable(join(tmpdir(), 'seatrial-read-'));

test('a file larger than the buffer is read whole, characters across its border included', async () => {
  await using dir = await directory();
  const path = join(dir.path, 'long');
  const text = `x${'ü'.repeat(80_000)}`;
  await writeFile(path, text);
  expect(readKernelFile(path)).toBe(text);
});

test('a file over its limit is refused, not cut', async () => {
  await using dir = await directory();
  const path = join(dir.path, 'large');
  await writeFile(path, 'a'.repeat(1001));
  expect(() => readKernelFile(path, 1000)).toThrow(KernelFileTooLarge);
  expect(readKernelFile(path, 1001)).toHaveLength(1001);
});

test('a kept file shows what is there now, and is closed once', async () => {
  await using dir = await directory();
  const path = join(dir.path, 'kept');
  await writeFile(path, 'one\n');
  const before = readdirSync('/proc/self/fd').length;
  const kept = new KeptFile(path);
  expect(kept.read()).toBe('one\n');
  writeFileSync(path, 'two, longer\n');
  expect(kept.read()).toBe('two, longer\n');
  kept[Symbol.dispose]();
  kept[Symbol.dispose]();
  expect(() => kept.read()).toThrow(expect.objectContaining({ code: 'EBADF' }));
  expect(readdirSync('/proc/self/fd')).toHaveLength(before);
});

test('a table of the kernel that comes in several records is read to its end', () => {
  // Each read of /proc/self/smaps gives at most a page of whole records; its mappings are those of /proc/self/maps.
  const mappings = readKernelFile('/proc/self/smaps', 16 * 1024 * 1024).match(/^Rss:/gm)?.length ?? 0;
  const lines = readKernelFile('/proc/self/maps', 16 * 1024 * 1024)
    .trimEnd()
    .split('\n').length;
  expect(mappings).toBeGreaterThan(50);
  expect(Math.abs(mappings - lines)).toBeLessThan(20);
});

test('what is not there is left out; a defect is not', async () => {
  await using dir = await directory();
  expect(KeptFile.openIfThere(join(dir.path, 'nothing'))).toBeUndefined();
  expect(() => KeptFile.openIfThere('a\0b')).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
});
