/** One line of a pressure file: share of time in percent over the last 10, 60 and 300 s, and the sum since boot. */
export interface PressureLine {
  readonly avg10Percent: number;
  readonly avg60Percent: number;
  readonly avg300Percent: number;
  /** Microseconds. */
  readonly totalMicros: number;
}

/** Pressure stall information. `some`: at least one task waited; `full`: all did (absent for the CPU before Linux 5.13). */
export interface Pressure {
  readonly some?: PressureLine;
  readonly full?: PressureLine;
}

/** Reads `/proc/pressure/*` or a cgroup's `*.pressure`; undefined when it has neither line. Source: Documentation/accounting/psi.rst. */
export function parsePressure(text: string): Pressure | undefined {
  const some = lineOf(text, 'some');
  const full = lineOf(text, 'full');
  if (some === undefined && full === undefined) return undefined;
  return { ...(some === undefined ? {} : { some }), ...(full === undefined ? {} : { full }) };
}

function lineOf(text: string, kind: 'some' | 'full'): PressureLine | undefined {
  const start = text.startsWith(kind) ? 0 : text.indexOf(`\n${kind} `);
  if (start < 0) return undefined;
  const match = /^\n?\w+ avg10=(\d+\.\d+) avg60=(\d+\.\d+) avg300=(\d+\.\d+) total=(\d+)/.exec(
    text.slice(start, start + 120),
  );
  if (match === null) return undefined;
  return {
    avg10Percent: Number(match[1]),
    avg60Percent: Number(match[2]),
    avg300Percent: Number(match[3]),
    totalMicros: Number(match[4]),
  };
}
