import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';

import { openArchive, type Archive } from '@seatrial/archive';
import type { SampleBatch } from '@seatrial/contracts';
import { findFerretDb, startFerretDb } from '@seatrial/testing';
import { expect, test } from 'vitest';

/**
 * The one bar on time in the tests: no call of the port keeps the caller's event loop busy for more than 10 ms. Other programs on the machine only ever add to a measured
 * delay, so the smallest of a few rounds is what counts; a call that blocks is late in every round.
 */
const BAR_MS = 10;
const ROUNDS = 8;
const HOUR = 3_600_000;

const ferretDb = findFerretDb();

test('heavy writes, reads and sweeps on SQLite leave the event loop of the caller free', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'seatrial-loop-'));
  try {
    let now = Date.UTC(2026, 5, 1);
    await using archive = await openArchive(join(folder, 'archive.db'), { clock: () => now });
    const worst = await worstOf((from) => {
      now = from + HOUR;
      const { sweep, ...others } = calls(archive, from, now, { batches: 40, changes: 500 });
      // The roll-up of the hour is due a quarter of an hour after its end.
      return { ...others, sweep: () => sweep(() => void (now += HOUR)) };
    });
    expect(worst).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test.skipIf('missing' in ferretDb)(
  'heavy writes and reads on MongoDB leave the event loop of the caller free',
  async () => {
    await using server = await startFerretDb('path' in ferretDb ? ferretDb.path : '');
    let now = Date.UTC(2026, 5, 1);
    await using archive = await openArchive(`${server.url}/loop`, { clock: () => now });
    // FerretDB takes seconds for a range over a day and minutes for a sweep; they run in the same thread as what is measured here.
    const worst = await worstOf((from) => {
      now = from + HOUR;
      const {
        sweep: _sweep,
        'range over a day': _day,
        ...others
      } = calls(archive, from, now, { batches: 1, changes: 50 });
      return others;
    });
    expect(worst).toEqual([]);
  },
);

/** Calls that were late in every round, with their smallest delay in ms. */
async function worstOf(callsOf: (from: number) => Record<string, () => Promise<unknown>>): Promise<[string, number][]> {
  const least: Record<string, number> = {};
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, call] of Object.entries(callsOf(Date.UTC(2026, 5, 1) + 2 * round * HOUR)))
      least[name] = Math.min(least[name] ?? Number.POSITIVE_INFINITY, await longestDelay(call));
    if (Object.values(least).every((ms) => ms <= BAR_MS)) break;
  }
  return Object.entries(least).filter(([, ms]) => ms > BAR_MS);
}

test('the measurement notices a loop that is busy', async () => {
  const busy = async (): Promise<void> => {
    const end = performance.now() + 3 * BAR_MS;
    while (performance.now() < end);
  };
  expect(await longestDelay(busy)).toBeGreaterThan(BAR_MS);
});

/** An hour of 60 containers with 24 series every 10 s is 518,400 samples: 127 batches of the largest size. */
function calls(
  archive: Archive,
  from: number,
  to: number,
  size: { readonly batches: number; readonly changes: number },
) {
  const batches = Array.from({ length: size.batches }, (_, i) => largestBatch(from + i * 90_000));
  const resources = batches[0]?.rs ?? [];
  const changes = Array.from({ length: size.changes }, (_, i) => ({
    fingerprint: `f${i}`,
    occurrence: 1,
    state: 'open',
    at: from + i,
    checkId: 'c',
    targetId: 't',
    document: { text: 'x'.repeat(4000) },
  }));
  return {
    write: () => archive.samples.write(batches),
    range: () =>
      archive.samples.range({
        resources: resources.slice(0, 30),
        metrics: ['m0', 'm1', 'm2', 'm3'],
        from,
        to,
        step: 10_000,
      }),
    'range over a day': () => archive.samples.range({ resources, metrics: ['m0'], from: to - 24 * HOUR, to }),
    latest: () => archive.samples.latest({ resources, lookbackMs: HOUR }),
    record: () => archive.findings.record(changes),
    list: () => archive.findings.list({ limit: 500 }),
    sweep: async (due: () => void): Promise<void> => {
      due();
      const { rolledUp } = await archive.sweep();
      if (rolledUp < resources.length)
        throw new Error(`only ${rolledUp} windows were rolled up: the measurement shows nothing`);
    },
  };
}

function largestBatch(t0: number): SampleBatch {
  const rows = Array.from({ length: 4096 }, (_, i) => i);
  return {
    v: 1,
    src: 'docker',
    tgt: 'local',
    f: 1,
    t0,
    iv: 10,
    rs: Array.from({ length: 60 }, (_, r) => `local/${r}`),
    ss: Array.from({ length: 24 }, (_, s) => [`m${s}`, {}]),
    ri: rows.map((i) => Math.floor(i / 24) % 60),
    si: rows.map((i) => i % 24),
    ts: rows.map((i) => Math.floor(i / 1440) * 10_000),
    vs: rows.map((i) => i / 7),
  };
}

async function longestDelay(call: () => Promise<unknown>): Promise<number> {
  const histogram = monitorEventLoopDelay({ resolution: 1 });
  // One turn before and after: the histogram sees a delay only at its next tick.
  const turn = (): Promise<void> => new Promise((resolve) => void setTimeout(resolve, 2));
  histogram.enable();
  await turn();
  await call();
  await turn();
  histogram.disable();
  return histogram.max / 1e6;
}
