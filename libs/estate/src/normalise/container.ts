import { CONTAINER } from '../metrics/container.ts';
import type { SeriesShape } from '../metrics/metric.ts';
import type { SampleColumns } from '../samples/columns.ts';
import { ratePerSecond, shareOfGrowth } from './rates.ts';
import type { ContainerReading, InterfaceReading, PressurePair } from './readings.ts';
import { fixed, SeriesCache } from './series-cache.ts';

type Field = {
  [K in keyof ContainerReading]-?: NonNullable<ContainerReading[K]> extends number ? K : never;
}[keyof ContainerReading];

const NANOS = 1e-9;

/** Numbers that are published as they are, in the unit of their metric. */
const PLAIN: readonly (readonly [field: Field, series: SeriesShape, scale: number])[] = [
  ['cpuTotalNanos', fixed(CONTAINER.cpuTime, { 'cpu.mode': 'total' }), NANOS],
  ['cpuUserNanos', fixed(CONTAINER.cpuTime, { 'cpu.mode': 'user' }), NANOS],
  ['cpuSystemNanos', fixed(CONTAINER.cpuTime, { 'cpu.mode': 'system' }), NANOS],
  ['cpuLimitCores', fixed(CONTAINER.cpuLimit), 1],
  ['cpuThrottledNanos', fixed(CONTAINER.cpuThrottledTime), NANOS],
  ['memoryUsageBytes', fixed(CONTAINER.memoryUsage), 1],
  ['memoryWorkingSetBytes', fixed(CONTAINER.memoryWorkingSet), 1],
  ['memoryRssBytes', fixed(CONTAINER.memoryRss), 1],
  ['memoryCacheBytes', fixed(CONTAINER.memoryCache), 1],
  ['memoryLimitBytes', fixed(CONTAINER.memoryLimit), 1],
  ['pageFaults', fixed(CONTAINER.pagingFaults, { 'system.paging.fault.type': 'total' }), 1],
  ['majorPageFaults', fixed(CONTAINER.pagingFaults, { 'system.paging.fault.type': 'major' }), 1],
  ['oomKills', fixed(CONTAINER.oomKills), 1],
  ['ioReadBytes', fixed(CONTAINER.diskIo, { 'disk.io.direction': 'read' }), 1],
  ['ioWriteBytes', fixed(CONTAINER.diskIo, { 'disk.io.direction': 'write' }), 1],
  ['ioReadOperations', fixed(CONTAINER.diskOperations, { 'disk.io.direction': 'read' }), 1],
  ['ioWriteOperations', fixed(CONTAINER.diskOperations, { 'disk.io.direction': 'write' }), 1],
  ['pids', fixed(CONTAINER.pids), 1],
  ['pidsLimit', fixed(CONTAINER.pidsLimit), 1],
];

/** Numbers that are published as growth a second. */
const RATES: readonly (readonly [field: Field, series: SeriesShape, scale: number])[] = [
  ['cpuTotalNanos', fixed(CONTAINER.cpuUsage), NANOS],
  ['ioReadBytes', fixed(CONTAINER.diskThroughput, { 'disk.io.direction': 'read' }), 1],
  ['ioWriteBytes', fixed(CONTAINER.diskThroughput, { 'disk.io.direction': 'write' }), 1],
];

const AVAILABLE = fixed(CONTAINER.memoryAvailable);
const THROTTLED = fixed(CONTAINER.cpuThrottledRatio);
const UPTIME = fixed(CONTAINER.uptime);
const DIRECTIONS = [
  ['receive', 'rx'],
  ['transmit', 'tx'],
] as const;
const THROUGHPUT = {
  rx: fixed(CONTAINER.networkThroughput, { 'network.io.direction': 'receive' }),
  tx: fixed(CONTAINER.networkThroughput, { 'network.io.direction': 'transmit' }),
};
const ERRORS = {
  rx: fixed(CONTAINER.networkErrors, { 'network.io.direction': 'receive' }),
  tx: fixed(CONTAINER.networkErrors, { 'network.io.direction': 'transmit' }),
};
const DROPPED = {
  rx: fixed(CONTAINER.networkDropped, { 'network.io.direction': 'receive' }),
  tx: fixed(CONTAINER.networkDropped, { 'network.io.direction': 'transmit' }),
};

/**
 * Turns readings of containers into samples. Remembers one reading a container for the rates; readings of two lives (epochs) are never subtracted, so a restart gives
 * no negative and no huge rate.
 */
export class ContainerNormaliser {
  readonly #before = new Map<string, ContainerReading>();
  readonly #interfaces = new SeriesCache();

  /** @param startedAtMs start of this life, epoch ms, where it is known */
  add(columns: SampleColumns, resource: string, now: ContainerReading, startedAtMs?: number): void {
    const put = (series: SeriesShape, value: number | undefined): void => {
      if (value !== undefined) columns.add(resource, series, now.atMs, value);
    };
    const known = this.#before.get(resource);
    const before = known?.epoch === now.epoch ? known : undefined;
    this.#before.set(resource, now);
    for (const [field, series, scale] of PLAIN) put(series, scaled(now[field], scale));
    if (now.memoryLimitBytes !== undefined && now.memoryWorkingSetBytes !== undefined)
      put(AVAILABLE, Math.max(0, now.memoryLimitBytes - now.memoryWorkingSetBytes));
    if (startedAtMs !== undefined) put(UPTIME, Math.max(0, (now.atMs - startedAtMs) / 1000));
    this.#pressure(put, 'cpu', now.cpuPressure);
    this.#pressure(put, 'memory', now.memoryPressure);
    this.#pressure(put, 'io', now.ioPressure);
    this.#network(put, now.network);
    if (before !== undefined) growth(put, before, now);
  }

  /** Forgets a container that is gone. */
  forget(resource: string): void {
    this.#before.delete(resource);
  }

  #pressure(put: Put, resource: string, pressure: PressurePair | undefined): void {
    if (pressure === undefined) return;
    for (const kind of ['some', 'full'] as const)
      put(this.#interfaces.of(CONTAINER.pressure, { resource, kind }), pressure[kind]?.avg10Percent);
  }

  #network(put: Put, interfaces: readonly InterfaceReading[] | undefined): void {
    if (interfaces === undefined) return;
    for (const each of interfaces) {
      for (const [direction, side] of DIRECTIONS)
        put(
          this.#interfaces.of(CONTAINER.networkIo, {
            'network.interface.name': each.name,
            'network.io.direction': direction,
          }),
          each[`${side}Bytes`],
        );
    }
    for (const side of ['rx', 'tx'] as const) {
      put(ERRORS[side], total(interfaces, `${side}Errors`));
      put(DROPPED[side], total(interfaces, `${side}Dropped`));
    }
  }
}

type Put = (series: SeriesShape, value: number | undefined) => void;

function growth(put: Put, before: ContainerReading, now: ContainerReading): void {
  const elapsedMs = now.atMs - before.atMs;
  for (const [field, series, scale] of RATES)
    put(series, scaled(ratePerSecond(before[field], now[field], elapsedMs), scale));
  put(
    THROTTLED,
    shareOfGrowth(
      { part: before.cpuThrottledPeriods, whole: before.cpuPeriods },
      { part: now.cpuThrottledPeriods, whole: now.cpuPeriods },
    ),
  );
  for (const side of ['rx', 'tx'] as const)
    put(
      THROUGHPUT[side],
      ratePerSecond(total(before.network, `${side}Bytes`), total(now.network, `${side}Bytes`), elapsedMs),
    );
}

const scaled = (value: number | undefined, scale: number): number | undefined =>
  value === undefined ? undefined : value * scale;

/** Sum over interfaces; undefined when none were read. */
export function total(
  interfaces: readonly InterfaceReading[] | undefined,
  field: Exclude<keyof InterfaceReading, 'name'>,
): number | undefined {
  return interfaces?.reduce((sum, each) => sum + each[field], 0);
}
