import type { SeatrialError } from '@seatrial/contracts';
import type { ContainerReading } from '@seatrial/estate';
import type { InterfaceCounters } from '@seatrial/host';

/**
 * One reading of what a container has used, whoever read it: cgroup files or the engine's API. Counters run from the start of the container. A number that could not
 * be read is absent, never zero; so is a limit that is not set.
 */
export interface ContainerCounters extends ContainerReading {
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
