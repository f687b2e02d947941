import { lstatSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createUser, fromSeed } from '@nats-io/nkeys';

import { KeysUnusable } from './errors.ts';
import { BUS_USERS, type BusUser } from './permissions.ts';

/** Key of one user: who holds the seed file is that user. */
export interface UserKey {
  readonly user: BusUser;
  /** NKey public key, `U...`; the only part that the broker gets. */
  readonly publicKey: string;
  /** Absolute path of the seed, mode 0600. */
  readonly seedFile: string;
}

/** Keys of all users of one broker. */
export interface KeyRing {
  readonly directory: string;
  readonly users: readonly UserKey[];
  seedFile(user: BusUser): string;
}

/**
 * Reads the keys in a folder and makes those that are missing: folder 0700, one file a user, named after it, 0600. Two processes may do it at once.
 * @throws KeysUnusable when the folder or a file is open to others, belongs to somebody else, is a link, or holds no seed
 */
export function ensureKeys(directory: string): KeyRing {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  checkOwned(directory, 'directory', 0o700);
  const users = BUS_USERS.map((user) => ({ user, ...ensureKey(join(directory, user)) }));
  return { directory, users, seedFile: (user) => join(directory, user) };
}

function ensureKey(seedFile: string): Omit<UserKey, 'user'> {
  if (lstatSync(seedFile, { throwIfNoEntry: false }) === undefined) makeKey(seedFile);
  checkOwned(seedFile, 'file', 0o600);
  return { seedFile, publicKey: publicKeyOf(seedFile) };
}

/** The whole seed appears in one step, and never over an existing file. */
function makeKey(seedFile: string): void {
  const pair = createUser();
  const aside = `${seedFile}.${process.pid}.new`;
  try {
    writeFileSync(aside, Buffer.concat([pair.getSeed(), Buffer.from('\n')]), { mode: 0o600, flag: 'wx' });
    linkSync(aside, seedFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw new KeysUnusable(
        seedFile,
        `cannot be written (${(error as Error).message})`,
        'Check the folder and its disk.',
        error,
      );
  } finally {
    rmSync(aside, { force: true });
    pair.clear();
  }
}

function publicKeyOf(seedFile: string): string {
  try {
    const publicKey = fromSeed(Buffer.from(readFileSync(seedFile, 'utf8').trim())).getPublicKey();
    if (publicKey.startsWith('U')) return publicKey;
  } catch {
    // The error of the library may quote the seed: it is not passed on.
  }
  throw new KeysUnusable(
    seedFile,
    'is not the seed of a user',
    'Move it away; a new key is made at the next start, and whoever uses the old one needs the new file.',
  );
}

function checkOwned(path: string, kind: 'file' | 'directory', mode: number): void {
  const stat = lstatSync(path);
  const right = kind === 'file' ? stat.isFile() : stat.isDirectory();
  if (!right) throw new KeysUnusable(path, `is not a plain ${kind}`, 'Move it away and start again.');
  const uid = process.getuid?.();
  if (uid !== undefined && stat.uid !== uid)
    throw new KeysUnusable(
      path,
      `belongs to user ${stat.uid}, not to ${uid}`,
      'Start it as the same user as the first time, or move the folder away.',
    );
  const open = stat.mode & 0o777 & ~mode;
  if (open !== 0)
    throw new KeysUnusable(
      path,
      `is open to others (mode ${(stat.mode & 0o777).toString(8).padStart(4, '0')})`,
      `If nobody else can have read it: \`chmod ${mode.toString(8).padStart(4, '0')} ${path}\`. Else move it away; a new key is made.`,
    );
}
