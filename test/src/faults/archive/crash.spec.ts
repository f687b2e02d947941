import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';

import { openArchive, type Archive } from '@seatrial/archive';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** Writes under way when the process is killed, at most: the lanes of the writer. */
const IN_FLIGHT = 8;
/** Kills; each one after so many acknowledged rows. Seeded, so that a failure can be repeated. */
const KILLS = fc.sample(fc.integer({ min: 0, max: 1500 }), { numRuns: 6, seed: 20_261_125 });

test('a process killed while it writes loses nothing that was acknowledged, and the file opens again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'seatrial-crash-'));
  try {
    const path = join(folder, 'archive.db');
    const acknowledged = new Set<string>();
    let first = 0;
    for (const after of KILLS) {
      for (const id of await writeUntilKilled(path, first, after)) acknowledged.add(id);
      await using archive = await openArchive(path);
      const [samples, entries] = [await sampleNumbers(archive), await entryNumbers(archive)];
      const stored = new Set([...samples.map((n) => `s${n}`), ...entries.map((n) => `a${n}`)]);
      expect([...acknowledged].filter((id) => !stored.has(id))).toEqual([]);
      // A row may be there though its acknowledgement did not get out; not more than were under way at each kill.
      expect(stored.size - acknowledged.size).toBeLessThanOrEqual(IN_FLIGHT * KILLS.length);
      first = Math.max(first, ...samples, ...entries) + 1;
    }
    expect(acknowledged.size).toBeGreaterThanOrEqual(KILLS.reduce((a, b) => a + b, 0));
    expect(integrity(path)).toBe('ok');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

/** Ids that the writer printed before SIGKILL, which comes after `after` of them. */
async function writeUntilKilled(path: string, first: number, after: number): Promise<string[]> {
  const writer = spawn(process.execPath, [join(import.meta.dirname, 'crash-writer.ts'), path, String(first)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(writer, 'exit');
  const ids: string[] = [];
  if (after === 0) writer.kill('SIGKILL');
  // The pipe holds what was printed before the kill: those ids were acknowledged too.
  for await (const line of createInterface(writer.stdout)) {
    ids.push(line);
    if (ids.length === after) writer.kill('SIGKILL');
  }
  const [, signal] = (await exited) as [number | null, string | null];
  expect(signal).toBe('SIGKILL');
  return ids;
}

async function sampleNumbers(archive: Archive): Promise<number[]> {
  const { series } = await archive.samples.range({
    resources: ['local/a'],
    metrics: ['cpu'],
    from: 0,
    to: 1_000_000_000,
    step: 'raw',
  });
  return (series[0]?.mean ?? []).filter((value) => value !== null);
}

async function entryNumbers(archive: Archive): Promise<number[]> {
  const numbers: number[] = [];
  let cursor: string | undefined;
  do {
    const { rows, next } = await archive.auditLog.list({ limit: 500, ...(cursor !== undefined && { cursor }) });
    numbers.push(...rows.map((row) => Number(row.id)));
    cursor = next;
  } while (cursor !== undefined);
  return numbers;
}

function integrity(path: string): unknown {
  const db = new DatabaseSync(path);
  try {
    return db.prepare('PRAGMA integrity_check').get()?.['integrity_check'];
  } finally {
    db.close();
  }
}
