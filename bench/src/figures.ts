import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';

/** One measured number beside the bar it has to meet. */
export interface Figure {
  readonly value: number;
  /** Unit of `value` and of `bar`, e.g. `ms/container`. */
  readonly unit: string;
  /** What the specification asks for, e.g. `<= 0.25`; `report` where there is no bar. */
  readonly bar: string;
  /** The bar is met. `true` for a figure that is only reported. */
  readonly ok: boolean;
  /** The same work done by the peer, in the same run and unit. */
  readonly baseline?: number;
}

/** Figures by name: `client-cpu`, `engine-cpu`, ... */
export type Figures = Readonly<Record<string, Figure>>;

/** What the numbers depend on. Load is part of it: a busy machine does not change CPU time much, but wall time a lot. */
export interface Machine {
  readonly cores: number;
  readonly model: string;
  readonly memoryMib: number;
  readonly kernel: string;
  readonly node: string;
  /** Load average of the last minute when the bench ended. */
  readonly load1: number;
  /** Share of the last 10 s in which some task waited for a CPU, percent; absent without PSI. */
  readonly cpuPressure10?: number;
}

/** A figure with an upper bar. */
export function atMost(value: number, limit: number, unit: string, baseline?: number): Figure {
  return { ...rounded(value, unit, baseline), bar: `<= ${limit}`, ok: value <= limit };
}

/** A figure with a lower bar. */
export function atLeast(value: number, limit: number, unit: string, baseline?: number): Figure {
  return { ...rounded(value, unit, baseline), bar: `>= ${limit}`, ok: value >= limit };
}

/** A figure without a bar. */
export function reported(value: number, unit: string, baseline?: number): Figure {
  return { ...rounded(value, unit, baseline), bar: 'report', ok: true };
}

/** CPU this process spent (user + system, all its threads), in ms, while `work` ran. */
export async function cpuMs(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const spent = process.cpuUsage(before);
  return (spent.user + spent.system) / 1000;
}

/** Middle value; the mean of the two middle ones for an even count. Throws on an empty list: a bench without a measurement is a defect. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** Linear-interpolated quantile, `q` in 0..1. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].toSorted((a, b) => a - b);
  const at = (sorted.length - 1) * q;
  const low = sorted[Math.floor(at)];
  const high = sorted[Math.ceil(at)];
  if (low === undefined || high === undefined) throw new RangeError('no value was measured');
  return low + (high - low) * (at - Math.floor(at));
}

/** The machine this process runs on. */
function machine(): Machine {
  const pressure = cpuPressure();
  return {
    cores: availableParallelism(),
    model: cpus()[0]?.model ?? 'unknown',
    memoryMib: Math.round(totalmem() / 2 ** 20),
    kernel: release(),
    node: process.versions.node,
    load1: loadavg()[0] ?? 0,
    ...(pressure === undefined ? {} : { cpuPressure10: pressure }),
  };
}

/**
 * Prints a table for people and, as the very last line, the JSON line that scripts read:
 * `{"bench","figures":{"<name>":{"value","unit","bar","ok","baseline"?}},"machine"}`.
 * The exit code of the process becomes 1 when a bar is missed.
 */
export function printFigures(bench: string, figures: Figures): void {
  const rows = Object.entries(figures).map(([name, f]) => [
    name,
    `${f.value} ${f.unit}`,
    f.baseline === undefined ? '' : `${f.baseline} ${f.unit}`,
    f.bar,
    f.ok ? 'ok' : 'MISSED',
  ]);
  console.log(table(['figure', 'value', 'peer', 'bar', ''], rows));
  if (Object.values(figures).some((f) => !f.ok)) process.exitCode = 1;
  console.log(JSON.stringify({ bench, figures, machine: machine() }));
}

/** A left-aligned text table. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  return lines
    .map((line) =>
      widths
        .map((w, column) => (line[column] ?? '').padEnd(w))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function rounded(value: number, unit: string, baseline?: number): { value: number; unit: string; baseline?: number } {
  return { value: digits4(value), unit, ...(baseline === undefined ? {} : { baseline: digits4(baseline) }) };
}

function digits4(value: number): number {
  return Number(value.toPrecision(4));
}

function cpuPressure(): number | undefined {
  try {
    const some = /^some avg10=([\d.]+)/m.exec(readFileSync('/proc/pressure/cpu', 'utf8'))?.[1];
    return some === undefined ? undefined : Number(some);
  } catch {
    return undefined; // kernels without PSI
  }
}
