import type { BusClient } from '../connect/client.ts';
import type { RecordKind } from '../output/records.ts';

/** Where the rows of a kind come from, and what says that they changed. */
export interface Source<Row> {
  readonly load: (bus: BusClient) => Promise<readonly Row[]>;
  /** How rows are written; ages count from `now`, epoch ms. */ readonly kind: (now: number) => RecordKind<Row>;
  /** What scripts get of a row. */ readonly data: (row: Row) => unknown;
  /** Equal for two readings of one object in which nothing changed but times and measured values. */ readonly state: (
    row: Row,
  ) => string;
  /** Filters of events after which the rows are read again. */ readonly events: readonly string[];
  /** Subject that ticks while live values flow. */ readonly ticks?: string;
}

/** A value as text in which these fields are left out, at every depth. */
export function textWithout(value: unknown, ...fields: readonly string[]): string {
  return JSON.stringify(value, (key, inner: unknown) => (fields.includes(key) ? undefined : inner));
}
