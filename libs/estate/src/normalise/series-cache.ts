import { seriesKey, type Metric, type SeriesShape } from '../metrics/metric.ts';

/** One `SeriesShape` object a metric and attribute set, so that the hot path compares identities. */
export class SeriesCache {
  readonly #shapes = new Map<string, SeriesShape>();

  of(metric: Metric, attributes: Readonly<Record<string, string>>): SeriesShape {
    const key = seriesKey(metric.name, attributes);
    let shape = this.#shapes.get(key);
    if (shape === undefined) this.#shapes.set(key, (shape = { metric, attributes }));
    return shape;
  }
}

/** A shape without attributes, or with fixed ones. */
export const fixed = (metric: Metric, attributes: Readonly<Record<string, string>> = {}): SeriesShape => ({
  metric,
  attributes,
});
