import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { readOrMakeSalt } from './salt.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'salt-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('the salt of the hashes of secrets', () => {
  test('is made once, kept, and readable by its owner only', async () => {
    const path = join(folder, 'new/isolation.salt');
    const [first, second] = await Promise.all([readOrMakeSalt(path), readOrMakeSalt(path)]);
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect([second, await readOrMakeSalt(path)]).toEqual([first, first]);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test('a file that holds something else is refused with a remedy, not used and not replaced', async () => {
    const path = join(folder, 'other');
    await writeFile(path, 'hello');
    await expect(readOrMakeSalt(path)).rejects.toMatchObject({
      code: 'E-FILE-INVALID',
      hint: expect.stringContaining('remove the file'),
    });
  });
});
