/**
 * Growth of a counter between two readings of the same life, per second of the clock. Undefined for the first reading, for readings of two lives, and when the
 * counter fell (a reset): a rate is never negative and never invented.
 */
export function ratePerSecond(
  before: number | undefined,
  now: number | undefined,
  elapsedMs: number,
): number | undefined {
  if (before === undefined || now === undefined || elapsedMs <= 0 || now < before) return undefined;
  return ((now - before) * 1000) / elapsedMs;
}

/** Share of `part` in `whole`, by growth; undefined when the whole did not grow. */
export function shareOfGrowth(
  before: { part?: number | undefined; whole?: number | undefined },
  now: { part?: number | undefined; whole?: number | undefined },
): number | undefined {
  if (before.part === undefined || before.whole === undefined || now.part === undefined || now.whole === undefined)
    return undefined;
  const whole = now.whole - before.whole;
  const part = now.part - before.part;
  return whole <= 0 || part < 0 ? undefined : Math.min(1, part / whole);
}
