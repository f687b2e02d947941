import { CONTAINER } from './container.ts';
import { HOST } from './host.ts';
import type { Metric } from './metric.ts';

/** Every metric the collector can publish, by name. */
export const METRICS: readonly Metric[] = [...Object.values(CONTAINER), ...Object.values(HOST)].toSorted((a, b) =>
  a.name < b.name ? -1 : 1,
);

const byName = new Map(METRICS.map((metric) => [metric.name, metric]));

/** Unit of a metric; empty for a name that is not in the catalogue (a newer collector's). */
export function unitOf(metric: string): string {
  return byName.get(metric)?.unit ?? '';
}
