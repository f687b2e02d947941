import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Layout } from '../layout.ts';
import type { KindName } from '../parse/kinds.ts';

/** Names of objects as the last look at the bus showed them: what completion offers without asking anybody. */
export type KnownNames = Partial<Record<KindName | 'checks' | 'contracts', readonly string[]>>;

/** Names that every shell can hold without quotes and none expands; others are not offered. */
const PLAIN = /^[A-Za-z0-9][A-Za-z0-9._/@:-]{0,199}$/;
const MOST = 2000;

/** What was remembered last; nothing when there is no readable file. */
export function knownNames(layout: Layout): KnownNames {
  try {
    const read: unknown = JSON.parse(readFileSync(fileOf(layout), 'utf8'));
    if (typeof read !== 'object' || read === null) return {};
    return Object.fromEntries(
      Object.entries(read).map(([kind, names]) => [kind, Array.isArray(names) ? names.filter(isPlain) : []]),
    );
  } catch {
    return {};
  }
}

/** Remembers names for the next completion. The cache is a convenience: a file that cannot be written is no error. */
export function rememberNames(layout: Layout, names: KnownNames): void {
  const all = { ...knownNames(layout), ...names };
  const kept = Object.fromEntries(
    Object.entries(all).map(([kind, list]) => [kind, (list ?? []).filter(isPlain).slice(0, MOST)]),
  );
  const file = fileOf(layout);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, JSON.stringify(kept));
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // A read-only checkout completes verbs and flags only.
  }
}

function isPlain(name: unknown): name is string {
  return typeof name === 'string' && PLAIN.test(name);
}

function fileOf(layout: Layout): string {
  return join(layout.data, 'cache', 'names.json');
}
