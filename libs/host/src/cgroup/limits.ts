/** Values at or above are the kernel's way to say "no limit" in v1 (the page counter's maximum is 2^63 rounded down to a page). No machine has 2^53 bytes. */
const NO_LIMIT = 2 ** 53;

/**
 * Reads a limit file: a number, `max` (v2, pids) or `-1` (cfs quota). null = no limit; undefined = something else.
 */
export function parseLimit(text: string): number | null | undefined {
  const word = text.trim();
  if (word === 'max' || word === '-1') return null;
  if (!/^\d+$/.test(word)) return undefined;
  const value = Number(word);
  return value >= NO_LIMIT ? null : value;
}

/** Reads `cpu.max` of v2 (`quota period`, both in us) as a number of cores. null = no limit; undefined = something else. */
export function parseCpuMax(text: string): number | null | undefined {
  const [quota = '', period = ''] = text.trim().split(' ');
  return coresOf(parseLimit(quota), Number(period));
}

/** Quota and period of the CFS scheduler as a number of cores. null = no limit; undefined = one of both is not readable. */
export function coresOf(
  quotaMicros: number | null | undefined,
  periodMicros: number | undefined,
): number | null | undefined {
  if (quotaMicros === null || quotaMicros === undefined) return quotaMicros;
  return periodMicros !== undefined && periodMicros > 0 ? quotaMicros / periodMicros : undefined;
}
