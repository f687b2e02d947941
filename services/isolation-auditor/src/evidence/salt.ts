import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { SaltUnreadable } from '../errors.ts';

const BYTES = 32;

/**
 * The salt of the hashes of secrets, made once and readable by its owner only. Without it a short secret could be guessed from its hash; with another one at each start
 * the same secret would look changed.
 * @throws SaltUnreadable
 */
export async function readOrMakeSalt(path: string): Promise<string> {
  try {
    return await readSalt(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error instanceof SaltUnreadable ? error : new SaltUnreadable(path, error);
  }
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    // Written aside and linked: a reader never sees half a salt, and of two starters one wins.
    const draft = `${path}.${randomBytes(6).toString('hex')}`;
    await writeFile(draft, randomBytes(BYTES).toString('hex'), { mode: 0o600 });
    await link(draft, path).catch((error: unknown) => {
      if (!isErrno(error, 'EEXIST')) throw error;
    });
    await unlink(draft);
    return await readSalt(path);
  } catch (error) {
    throw error instanceof SaltUnreadable ? error : new SaltUnreadable(path, error);
  }
}

async function readSalt(path: string): Promise<string> {
  const salt = (await readFile(path, 'utf8')).trim();
  if (!/^[0-9a-f]{64}$/.test(salt)) throw new SaltUnreadable(path, 'it does not hold 64 hex digits');
  return salt;
}

const isErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
