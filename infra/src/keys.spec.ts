import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAccount } from '@nats-io/nkeys';
import { afterEach, beforeEach, expect, test } from 'vitest';

import { KeysUnusable } from './errors.ts';
import { ensureKeys } from './keys.ts';
import { BUS_USERS } from './permissions.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'seatrial-keys-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8);

test('every user gets a key of its own, readable by its owner alone; a second time they stay', () => {
  const keys = ensureKeys(join(directory, 'keys'));
  expect(keys.users.map(({ user }) => user)).toEqual(BUS_USERS);
  expect(new Set(keys.users.map(({ publicKey }) => publicKey)).size).toBe(BUS_USERS.length);
  for (const { publicKey, seedFile } of keys.users) {
    expect(publicKey).toMatch(/^U[A-Z2-7]{55}$/);
    expect(mode(seedFile)).toBe('600');
    expect(readFileSync(seedFile, 'utf8')).toMatch(/^SU[A-Z2-7]+\n$/);
  }
  expect(mode(keys.directory)).toBe('700');
  expect(readdirSync(keys.directory).toSorted()).toEqual([...BUS_USERS].toSorted());
  expect(ensureKeys(keys.directory).users).toEqual(keys.users);
});

test.each<[string, (file: string) => void, RegExp]>([
  ['a file that others can read', (file) => chmodSync(file, 0o640), /is open to others \(mode 0640\)/],
  ['a file without a key', (file) => writeFileSync(file, ''), /is not the seed of a user/],
  ['the key of an account', (file) => writeFileSync(file, createAccount().getSeed()), /is not the seed of a user/],
  [
    'a link',
    (file) => {
      rmSync(file);
      symlinkSync('/dev/null', file);
    },
    /is not a plain file/,
  ],
])('%s is refused, named with its remedy', (_name, spoil, reason) => {
  const keys = ensureKeys(directory);
  const file = keys.seedFile('admin');
  const seed = readFileSync(file, 'utf8').trim();
  spoil(file);
  const refusal = caught(() => ensureKeys(directory));
  expect(refusal).toBeInstanceOf(KeysUnusable);
  expect(refusal).toMatchObject({ code: 'E-AUTH-KEYS', message: expect.stringMatching(reason) });
  expect(refusal.message).toContain(file);
  expect(JSON.stringify([refusal.message, refusal.hint])).not.toContain(seed);
});

test('a folder that others can enter is refused with the command that mends it', () => {
  ensureKeys(directory);
  chmodSync(directory, 0o755);
  expect(caught(() => ensureKeys(directory)).hint).toContain(`chmod 0700 ${directory}`);
});

test.runIf(process.getuid?.() === 0)('a key of another user is refused', async () => {
  const { chownSync } = await import('node:fs');
  const keys = ensureKeys(directory);
  chownSync(keys.seedFile('viewer'), 65_534, 65_534);
  expect(caught(() => ensureKeys(directory)).message).toContain('belongs to user 65534');
});

function caught(run: () => unknown): KeysUnusable {
  try {
    run();
  } catch (error) {
    return error as KeysUnusable;
  }
  throw new Error('nothing was refused');
}
