import { HOST } from '../metrics/host.ts';
import type { Metric } from '../metrics/metric.ts';
import type { SampleColumns } from '../samples/columns.ts';
import { total } from './container.ts';
import { ratePerSecond, shareOfGrowth } from './rates.ts';
import type { CpuReading, FilesystemReading, HostReading, PressurePair } from './readings.ts';
import { SeriesCache } from './series-cache.ts';

const MODES = ['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softirq', 'steal'] as const;
const WINDOWS = ['10', '60', '300'] as const;

/** Turns readings of a machine into samples; keeps one reading for the rates. */
export class HostNormaliser {
  readonly #series = new SeriesCache();
  #before: HostReading | undefined;

  add(columns: SampleColumns, resource: string, now: HostReading): void {
    const put: Put = (metric, value, attributes = {}) => {
      if (value !== undefined) columns.add(resource, this.#series.of(metric, attributes), now.atMs, value);
    };
    const before = this.#before?.epoch === now.epoch ? this.#before : undefined;
    this.#before = now;
    put(HOST.uptime, now.uptimeSeconds);
    processor(put, now);
    memory(put, now);
    devices(put, now);
    pressure(put, 'cpu', now.cpuPressure);
    pressure(put, 'memory', now.memoryPressure);
    pressure(put, 'io', now.ioPressure);
    if (before !== undefined) growth(put, before, now);
  }

  addFilesystems(
    columns: SampleColumns,
    resource: string,
    atMs: number,
    filesystems: readonly FilesystemReading[],
  ): void {
    for (const each of filesystems) {
      const at = { 'system.filesystem.mountpoint': each.mountPoint };
      const put = (metric: Metric, value: number, attributes: Readonly<Record<string, string>>): void =>
        columns.add(resource, this.#series.of(metric, attributes), atMs, value);
      const used = each.totalBytes - each.freeBytes;
      put(HOST.filesystemUsage, used, { ...at, 'system.filesystem.state': 'used' });
      put(HOST.filesystemUsage, each.availableBytes, { ...at, 'system.filesystem.state': 'free' });
      // As df computes it: blocks kept for root are neither used nor available.
      put(HOST.filesystemUtilization, used / (used + each.availableBytes), at);
    }
  }
}

type Put = (metric: Metric, value: number | undefined, attributes?: Readonly<Record<string, string>>) => void;

function processor(put: Put, now: HostReading): void {
  const { cpu } = now;
  for (const mode of MODES)
    put(HOST.cpuTime, cpu === undefined ? undefined : cpu[`${mode}Nanos`] * 1e-9, { 'cpu.mode': mode });
  put(HOST.cpuCount, now.cores?.length);
  put(HOST.contextSwitches, now.contextSwitches);
  put(HOST.tasks, now.tasksRunning, { state: 'running' });
  put(HOST.tasks, now.tasksBlocked, { state: 'blocked' });
  put(HOST.load, now.load1, { window: '1m' });
  put(HOST.load, now.load5, { window: '5m' });
  put(HOST.load, now.load15, { window: '15m' });
}

function memory(put: Put, { memory: state, ...now }: HostReading): void {
  const state_ = (name: string): Readonly<Record<string, string>> => ({ 'system.memory.state': name });
  const { totalBytes, availableBytes } = state ?? {};
  put(HOST.memoryLimit, totalBytes);
  put(HOST.memoryUsage, state?.freeBytes, state_('free'));
  put(HOST.memoryUsage, state?.buffersBytes, state_('buffers'));
  put(HOST.memoryUsage, state?.cachedBytes, state_('cached'));
  put(HOST.memoryUsage, availableBytes, state_('available'));
  if (totalBytes !== undefined && availableBytes !== undefined && totalBytes > 0) {
    put(HOST.memoryUsage, totalBytes - availableBytes, state_('used'));
    put(HOST.memoryUtilization, (totalBytes - availableBytes) / totalBytes);
  }
  const { swapTotalBytes, swapFreeBytes } = state ?? {};
  put(HOST.swapUsage, swapFreeBytes, { 'system.paging.state': 'free' });
  if (swapTotalBytes !== undefined && swapFreeBytes !== undefined)
    put(HOST.swapUsage, swapTotalBytes - swapFreeBytes, { 'system.paging.state': 'used' });
  put(HOST.pagingFaults, now.pageFaults, { 'system.paging.fault.type': 'total' });
  put(HOST.pagingFaults, now.majorPageFaults, { 'system.paging.fault.type': 'major' });
  put(HOST.oomKills, now.oomKills);
}

function devices(put: Put, now: HostReading): void {
  for (const disk of now.disks ?? []) {
    put(HOST.diskIo, disk.readBytes, { 'system.device': disk.name, 'disk.io.direction': 'read' });
    put(HOST.diskIo, disk.writeBytes, { 'system.device': disk.name, 'disk.io.direction': 'write' });
  }
  for (const each of now.network ?? []) {
    put(HOST.networkIo, each.rxBytes, { 'network.interface.name': each.name, 'network.io.direction': 'receive' });
    put(HOST.networkIo, each.txBytes, { 'network.interface.name': each.name, 'network.io.direction': 'transmit' });
  }
}

function pressure(put: Put, resource: string, pair: PressurePair | undefined): void {
  for (const kind of ['some', 'full'] as const) {
    const line = pair?.[kind];
    for (const window of WINDOWS)
      put(HOST.pressure, line?.[`avg${window}Percent`], { resource, kind, window: `${window}s` });
    put(HOST.pressureTime, line === undefined ? undefined : line.totalMicros * 1e-6, { resource, kind });
  }
}

function growth(put: Put, before: HostReading, now: HostReading): void {
  const elapsedMs = now.atMs - before.atMs;
  if (before.cpu !== undefined && now.cpu !== undefined) {
    put(
      HOST.cpuUtilization,
      shareOfGrowth({ part: busy(before.cpu), whole: all(before.cpu) }, { part: busy(now.cpu), whole: all(now.cpu) }),
    );
    put(
      HOST.cpuSteal,
      shareOfGrowth(
        { part: before.cpu.stealNanos, whole: all(before.cpu) },
        { part: now.cpu.stealNanos, whole: all(now.cpu) },
      ),
    );
  }
  const disk = (reading: HostReading, field: 'readBytes' | 'writeBytes'): number | undefined =>
    reading.disks?.reduce((sum, each) => sum + each[field], 0);
  put(HOST.diskThroughput, ratePerSecond(disk(before, 'readBytes'), disk(now, 'readBytes'), elapsedMs), {
    'disk.io.direction': 'read',
  });
  put(HOST.diskThroughput, ratePerSecond(disk(before, 'writeBytes'), disk(now, 'writeBytes'), elapsedMs), {
    'disk.io.direction': 'write',
  });
  put(
    HOST.networkThroughput,
    ratePerSecond(total(before.network, 'rxBytes'), total(now.network, 'rxBytes'), elapsedMs),
    { 'network.io.direction': 'receive' },
  );
  put(
    HOST.networkThroughput,
    ratePerSecond(total(before.network, 'txBytes'), total(now.network, 'txBytes'), elapsedMs),
    { 'network.io.direction': 'transmit' },
  );
}

/** All modes; `user` holds the guests' time already. */
const all = (cpu: CpuReading): number => MODES.reduce((sum, mode) => sum + cpu[`${mode}Nanos`], 0);
const busy = (cpu: CpuReading): number => all(cpu) - cpu.idleNanos - cpu.iowaitNanos;
