const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Length of `500ms`, `10s`, `5m`, `2h`, `7d` in ms; undefined for anything else, zero and less included. */
export function parseDuration(text: string): number | undefined {
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text) ?? [];
  if (digits === undefined || unit === undefined) return undefined;
  const ms = Number(digits) * (UNITS[unit] ?? Number.NaN);
  // Timers of the platform count in 31 bits: about 24 days.
  return ms > 0 && ms < 2 ** 31 ? ms : undefined;
}
