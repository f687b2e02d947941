import type { SweepReport } from '../port/archive.ts';
import { dayOf, HOUR_MS, hourOf, MINUTE_MS, monthOf } from '../samples/tiers.ts';
import type { CompiledRetention } from './retention.ts';
import type { RecordKind, RolledWindow, Store, UpperTier } from './store.ts';
import { rollWindow } from './windows.ts';

/** Rows a delete removes at once; other calls run in between. */
const SLICE = 1000;
/** Windows rolled up before they are written: 64 resources of 24 series are about 1 MB. */
const ROLL_SLICE = 64;
/** Samples may come this late before their hour is rolled up the first time. */
const LATENESS_MS = 15 * MINUTE_MS;

type Counts = { -readonly [K in keyof SweepReport]: SweepReport[K] };

/** Rolls up, then removes by time, then by count and bytes. `stopped` is asked between slices. */
export async function sweep(
  store: Store,
  retention: CompiledRetention,
  now: number,
  stopped: () => boolean,
): Promise<SweepReport> {
  const counts: Counts = {
    rolledUp: 0,
    nativeHours: 0,
    minutes: 0,
    fives: 0,
    hours: 0,
    findings: 0,
    auditLog: 0,
    auditRuns: 0,
    overBytes: false,
  };
  counts.rolledUp += await rollUp(store, hourOf(now - LATENESS_MS), stopped);

  const nativeEnd = hourOf(now - retention.nativeMs);
  for (const hour of await store.samples.nativeHours())
    if (hour < nativeEnd && !stopped()) await dropHour(store, hour, counts, stopped);
  const ends: readonly [UpperTier, number][] = [
    ['minutes', hourOf(now - retention.minutesMs)],
    ['fives', dayOf(now - retention.fivesMs)],
    ['hours', monthOf(now - retention.hoursMs)],
  ];
  for (const [tier, before] of ends)
    counts[tier] += await inSlices(stopped, () => store.samples.deleteTier(tier, before, SLICE));

  const kinds: readonly [RecordKind, number][] = [
    ['findings', retention.findingsMs],
    ['auditLog', retention.auditLogMs],
    ['auditRuns', retention.auditRunsMs],
  ];
  for (const [kind, ageMs] of kinds) {
    counts[kind] += await inSlices(stopped, () => store.records.deleteRecords(kind, now - ageMs + 1, SLICE));
    let excess = (await store.records.count(kind)) - retention.maxRecords;
    while (excess > 0 && !stopped()) {
      const gone = await store.records.deleteRecords(kind, Number.MAX_SAFE_INTEGER, Math.min(SLICE, excess));
      if (gone === 0) break;
      excess -= gone;
      counts[kind] += gone;
    }
  }
  if (Number.isFinite(retention.maxBytes))
    counts.overBytes = await shrink(store, retention.maxBytes, now, counts, stopped);
  return counts;
}

/** Rolls up every dirty window of hours before `toHour`. */
async function rollUp(store: Store, toHour: number, stopped: () => boolean): Promise<number> {
  let rolled = 0;
  while (!stopped()) {
    const windows = await store.samples.dirty({ toHour, limit: ROLL_SLICE });
    if (windows.length === 0) break;
    const slice: RolledWindow[] = [];
    for (const { r, h } of windows) slice.push({ r, h, series: await rollWindow(store.samples, r, h) });
    await store.samples.putRolled(slice);
    await store.samples.clean(windows);
    rolled += windows.length;
  }
  return rolled;
}

/** Never without its roll-up: the hour may be kept shorter than samples may be late, or gain a sample since the roll-up above. */
async function dropHour(store: Store, hour: number, counts: Counts, stopped: () => boolean): Promise<void> {
  counts.rolledUp += await rollUp(store, hour + HOUR_MS, stopped);
  if (stopped()) return;
  await store.samples.dropNativeHour(hour);
  counts.nativeHours++;
}

/**
 * Removes the oldest samples of the finest tier that has some until the database fits. The current hour stays, and the current month of the 1 h tier.
 * Stops when a step freed nothing: a database that reports its size late must not make us remove everything.
 */
async function shrink(
  store: Store,
  maxBytes: number,
  now: number,
  counts: Counts,
  stopped: () => boolean,
): Promise<boolean> {
  let bytes = await store.bytes();
  while (bytes > maxBytes && !stopped()) {
    const [oldest] = await store.samples.nativeHours();
    if (oldest !== undefined && oldest < hourOf(now)) await dropHour(store, oldest, counts, stopped);
    else if (!(await deleteOldest(store, now, counts))) return true;
    const left = await store.bytes();
    if (left >= bytes) return true;
    bytes = left;
  }
  return bytes > maxBytes;
}

async function deleteOldest(store: Store, now: number, counts: Counts): Promise<boolean> {
  const kept: readonly [UpperTier, number][] = [
    ['minutes', hourOf(now)],
    ['fives', dayOf(now)],
    ['hours', monthOf(now)],
  ];
  for (const [tier, end] of kept) {
    const gone = await store.samples.deleteTier(tier, end, SLICE);
    counts[tier] += gone;
    if (gone > 0) return true;
  }
  return false;
}

async function inSlices(stopped: () => boolean, remove: () => Promise<number>): Promise<number> {
  let total = 0;
  while (!stopped()) {
    const gone = await remove();
    total += gone;
    if (gone < SLICE) break;
  }
  return total;
}
