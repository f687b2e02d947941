import { rollHour, type SeriesHour } from '../samples/roll-up.ts';
import type { Mid } from '../samples/rows.ts';
import { HOUR_MS } from '../samples/tiers.ts';
import type { HourOf, SampleStore } from './store.ts';

/**
 * Computes all tiers of one (resource, hour) from what is stored. While the native rows are there they are the source; once they are gone only the 1 h slot is made again, from
 * the 5 m slots. Rows below the horizon are left-overs of a drop under way and must not count: they are not the whole hour.
 */
export async function rollWindow(store: SampleStore, r: string, h: number): Promise<SeriesHour[]> {
  const rows = h < (await store.horizon()) ? [] : await store.readNative(r, h);
  const direct = byMid(await store.readDirect(r, h, h + HOUR_MS));
  if (rows.length > 0) return rollHour(h, rows, new Map(), direct);
  return rollHour(h, undefined, byMid(await store.readFives(r, h, h + HOUR_MS)), direct);
}

function byMid<T>(hours: readonly HourOf<T>[]): Map<Mid, T> {
  return new Map(hours.map(({ mid, value }) => [mid, value]));
}
