import type { ResourceKind } from '@seatrial/contracts';

/** What a metric means. Names and units follow the OpenTelemetry semantic conventions (1.44) where they have one; `own` marks ours. */
export interface Metric {
  readonly name: string;
  /** UCUM, as in the semantic conventions: `By`, `s`, `1`, `{cpu}`, `%`. */
  readonly unit: string;
  /** `counter` only grows within one life of its object. */
  readonly type: 'gauge' | 'counter';
  readonly kinds: readonly ResourceKind[];
  readonly attributes: readonly string[];
  readonly doc: string;
  readonly own?: true;
}

/** A metric with its attribute values: one per series shape, made once and compared by identity on the hot path. */
export interface SeriesShape {
  readonly metric: Metric;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Text that is equal exactly when metric and attributes are. */
export function seriesKey(metric: string, attributes: Readonly<Record<string, string>>): string {
  const names = Object.keys(attributes).toSorted();
  return [metric, ...names.map((name) => `${name}=${attributes[name]}`)].join('\u0000');
}
