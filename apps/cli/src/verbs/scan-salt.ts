import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Layout } from '../layout.ts';

const SALT = /^[0-9a-f]{64}$/;

/**
 * Salt of the hashes that stand for secrets in a report. Kept beside the keys, so that the fingerprints of two scans of one checkout can be compared; where it
 * cannot be kept, each scan has its own.
 */
export function scanSalt(layout: Layout): string {
  const file = join(layout.keys, 'scan-salt');
  const kept = readSalt(file);
  if (kept !== undefined) return kept;
  const salt = randomBytes(32).toString('hex');
  try {
    mkdirSync(layout.keys, { recursive: true, mode: 0o700 });
    // Whoever was first has made it.
    writeFileSync(file, salt, { mode: 0o600, flag: 'wx' });
  } catch {
    return readSalt(file) ?? salt;
  }
  return salt;
}

function readSalt(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return SALT.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}
