import { ArchiveInvalid } from '../errors.ts';
import type { LatestQuery, LatestSample } from '../port/samples.ts';
import { samplesOf, type Sample } from '../samples/roll-up.ts';
import { seriesKey, type Mid } from '../samples/rows.ts';
import { HOUR_MS, MINUTE_MS } from '../samples/tiers.ts';
import type { SampleStore } from './store.ts';

const LOOKBACK_MS = 15 * MINUTE_MS;

/** Last sample of each series, newest hour first. Samples ahead of `now` (clock skew) count. */
export async function readLatest(store: SampleStore, query: LatestQuery, now: number): Promise<LatestSample[]> {
  const { resources, metrics, lookbackMs = LOOKBACK_MS } = query;
  if (resources.length < 1 || resources.length > 500)
    throw new ArchiveInvalid('resources must name 1 to 500 resources');
  if (!(lookbackMs > 0)) throw new ArchiveInvalid('lookbackMs must be above 0');
  const known = await store.seriesOf(metrics);
  const hours = (await store.nativeHours()).filter((hour) => hour + HOUR_MS > now - lookbackMs).toReversed();
  const found: LatestSample[] = [];
  for (const resource of new Set(resources)) {
    const last = new Map<Mid, Sample>();
    for (const hour of hours) {
      for (const [mid, samples] of samplesOf(await store.readNative(resource, hour))) {
        const sample = samples.at(-1);
        if (sample && sample.t >= now - lookbackMs && known.has(mid) && !last.has(mid)) last.set(mid, sample);
      }
    }
    const rows = [...last].flatMap(([mid, { t, value, iv }]) => {
      const series = known.get(mid);
      return series ? [{ resource, ...series, t, value, intervalS: iv }] : [];
    });
    found.push(...rows.toSorted((a, b) => (seriesKey(a) < seriesKey(b) ? -1 : 1)));
  }
  return found;
}
