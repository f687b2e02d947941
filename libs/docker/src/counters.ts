import type { SeatrialError } from '@seatrial/contracts';
import type { InterfaceCounters, Pressure } from '@seatrial/host';

/**
 * One reading of what a container has used, whoever read it: cgroup files or the engine's API. Counters run from the start of the container. A number that could not
 * be read is absent, never zero; so is a limit that is not set.
 */
export interface ContainerCounters {
  /** When it was read, epoch ms. */
  readonly atMs: number;
  /** Names one life of the container: counters of two epochs must not be subtracted from each other. */
  readonly epoch: string;
  readonly cpuTotalNanos?: number;
  readonly cpuUserNanos?: number;
  readonly cpuSystemNanos?: number;
  /** Enforcement intervals of the CPU limit since the start, and those in which the container was held back. */
  readonly cpuPeriods?: number;
  readonly cpuThrottledPeriods?: number;
  readonly cpuThrottledNanos?: number;
  readonly cpuLimitCores?: number;
  /** Everything charged, page cache included. */
  readonly memoryUsageBytes?: number;
  /** Usage without the page cache the kernel would drop first (inactive file); what an out-of-memory kill goes by. */
  readonly memoryWorkingSetBytes?: number;
  /** Anonymous memory. */
  readonly memoryRssBytes?: number;
  readonly memoryCacheBytes?: number;
  readonly memoryLimitBytes?: number;
  readonly pageFaults?: number;
  readonly majorPageFaults?: number;
  readonly oomKills?: number;
  /** Sums over all block devices. */
  readonly ioReadBytes?: number;
  readonly ioWriteBytes?: number;
  readonly ioReadOperations?: number;
  readonly ioWriteOperations?: number;
  readonly pids?: number;
  readonly pidsLimit?: number;
  /** Absent without PSI. */
  readonly cpuPressure?: Pressure;
  readonly memoryPressure?: Pressure;
  readonly ioPressure?: Pressure;
  /** Interfaces of its own network namespace, without loopback; absent when it shares another's. */
  readonly network?: readonly InterfaceCounters[];
}

/** What one round over many containers found; each is in exactly one of the three. */
export interface SampleRound {
  readonly counters: ReadonlyMap<string, ContainerCounters>;
  /** Containers that do not run any more. One inspect says what became of them. */
  readonly gone: readonly string[];
  /** Containers that could not be read this time. */
  readonly failed: ReadonlyMap<string, SeatrialError>;
}

/** The numbers of a reading, before time and epoch are known. */
export type CounterValues = Omit<ContainerCounters, 'atMs' | 'epoch'>;

/** Usage less inactive file cache; absent when one of both is. Not below zero: the two are read one after the other. */
export function workingSet(
  usageBytes: number | undefined,
  inactiveFileBytes: number | undefined,
): { memoryWorkingSetBytes?: number } {
  if (usageBytes === undefined || inactiveFileBytes === undefined) return {};
  return { memoryWorkingSetBytes: Math.max(0, usageBytes - inactiveFileBytes) };
}

/** `{ [key]: value }`, or nothing when there is no value: `exactOptionalPropertyTypes` tells absent from undefined. */
export function present<K extends string, V>(key: K, value: V | null | undefined): { readonly [P in K]?: V } {
  return value === undefined || value === null ? {} : ({ [key]: value } as { readonly [P in K]?: V });
}
