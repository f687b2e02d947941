import { ArchiveInvalid } from '../errors.ts';
import type { Retention } from '../port/archive.ts';
import { DAY_MS, HOUR_MS, type Reach } from '../samples/tiers.ts';

/** What the rest of the code sees: nothing optional, every relation checked. */
export type CompiledRetention = Readonly<Required<Retention>>;

const DEFAULTS: CompiledRetention = {
  nativeMs: 4 * HOUR_MS,
  minutesMs: 7 * DAY_MS,
  fivesMs: 90 * DAY_MS,
  hoursMs: 730 * DAY_MS,
  findingsMs: 90 * DAY_MS,
  auditLogMs: 730 * DAY_MS,
  auditRunsMs: 90 * DAY_MS,
  maxRecords: 1_000_000,
  maxBytes: Number.POSITIVE_INFINITY,
};

/** @throws ArchiveInvalid naming the field */
export function compileRetention(retention: Retention = {}): CompiledRetention {
  const compiled = { ...DEFAULTS, ...retention };
  for (const [name, value] of Object.entries(compiled)) {
    if (!(value > 0)) throw new ArchiveInvalid(`retention.${name} must be above 0`);
  }
  const { nativeMs, minutesMs, fivesMs, hoursMs } = compiled;
  if (nativeMs > minutesMs || minutesMs > fivesMs || fivesMs > hoursMs)
    throw new ArchiveInvalid(
      'a coarser tier must be kept at least as long as a finer one: nativeMs <= minutesMs <= fivesMs <= hoursMs',
    );
  return compiled;
}

/** How far back a query finds data in each tier. */
export const reachOf = (r: CompiledRetention): Reach => ({
  native: r.nativeMs,
  '60s': r.minutesMs,
  '5m': r.fivesMs,
  '1h': r.hoursMs,
});
