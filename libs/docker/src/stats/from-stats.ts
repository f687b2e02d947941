import type { InterfaceCounters } from '@seatrial/host';
import { type ContainerCounters, type CounterValues, present, workingSet } from '../counters.ts';

/** What the answer itself does not say. */
export interface StatsContext {
  /** Names this life of the container: `State.StartedAt`. */
  readonly epoch: string;
  /** `MemTotal` of the engine's host: the engine reports it as the limit of a container without one. */
  readonly hostMemoryBytes?: number;
}

/** Limits at or above are "none": the engine sends the largest 64-bit number for no limit. */
const NO_LIMIT = 2 ** 53;

/**
 * Reads the answer of `GET /containers/{id}/stats`, from a host with cgroup v1 or v2: they differ in `memory_stats.stats` and in the spelling of block operations.
 * @returns undefined when the container does not run (the engine then answers with zeros and the year 1) or the answer is something else
 */
export function countersFromStats(answer: unknown, context: StatsContext): ContainerCounters | undefined {
  const at = Date.parse(String(field(answer, 'read')));
  if (!(at > 0)) return undefined;
  return {
    atMs: at,
    epoch: context.epoch,
    ...cpu(field(answer, 'cpu_stats')),
    ...memory(field(answer, 'memory_stats'), context.hostMemoryBytes),
    ...blockIo(field(answer, 'blkio_stats')),
    ...pids(field(answer, 'pids_stats')),
    ...networks(field(answer, 'networks')),
  };
}

function cpu(stats: unknown): CounterValues {
  const usage = field(stats, 'cpu_usage');
  const throttling = field(stats, 'throttling_data');
  return {
    ...present('cpuTotalNanos', number(usage, 'total_usage')),
    ...present('cpuUserNanos', number(usage, 'usage_in_usermode')),
    ...present('cpuSystemNanos', number(usage, 'usage_in_kernelmode')),
    ...present('cpuPeriods', number(throttling, 'periods')),
    ...present('cpuThrottledPeriods', number(throttling, 'throttled_periods')),
    ...present('cpuThrottledNanos', number(throttling, 'throttled_time')),
  };
}

function memory(stats: unknown, hostMemoryBytes: number | undefined): CounterValues {
  const details = field(stats, 'stats');
  const usage = number(stats, 'usage');
  const v1 = number(details, 'total_inactive_file') !== undefined;
  const limit = number(stats, 'limit');
  const limited = limit !== undefined && limit < Math.min(NO_LIMIT, hostMemoryBytes ?? NO_LIMIT);
  return {
    ...present('memoryUsageBytes', usage),
    ...workingSet(usage, number(details, v1 ? 'total_inactive_file' : 'inactive_file')),
    ...present('memoryRssBytes', number(details, v1 ? 'total_rss' : 'anon')),
    ...present('memoryCacheBytes', number(details, v1 ? 'total_cache' : 'file')),
    ...present('pageFaults', number(details, v1 ? 'total_pgfault' : 'pgfault')),
    ...present('majorPageFaults', number(details, v1 ? 'total_pgmajfault' : 'pgmajfault')),
    ...(limited ? { memoryLimitBytes: limit } : {}),
  };
}

/** An empty or null list means that nothing was transferred, or that the kernel does not count it: the engine does not tell, so neither do we. */
function blockIo(stats: unknown): CounterValues {
  const bytes = field(stats, 'io_service_bytes_recursive');
  const operations = field(stats, 'io_serviced_recursive');
  return {
    ...present('ioReadBytes', sumOf(bytes, 'read')),
    ...present('ioWriteBytes', sumOf(bytes, 'write')),
    ...present('ioReadOperations', sumOf(operations, 'read')),
    ...present('ioWriteOperations', sumOf(operations, 'write')),
  };
}

/** `Read` on v1, `read` on v2. */
function sumOf(entries: unknown, operation: string): number | undefined {
  if (!Array.isArray(entries) || entries.length === 0) return undefined;
  return entries
    .filter((entry) => String(field(entry, 'op')).toLowerCase() === operation)
    .reduce((sum: number, entry) => sum + (number(entry, 'value') ?? 0), 0);
}

function pids(stats: unknown): CounterValues {
  const limit = number(stats, 'limit');
  return {
    ...present('pids', number(stats, 'current')),
    // 0 and the largest 64-bit number both mean none, by the engine's version.
    ...(limit !== undefined && limit > 0 && limit < NO_LIMIT ? { pidsLimit: limit } : {}),
  };
}

function networks(stats: unknown): CounterValues {
  if (typeof stats !== 'object' || stats === null) return {};
  const network = Object.entries(stats).flatMap(([name, counters]): InterfaceCounters[] => {
    const of = (key: string): number => number(counters, key) ?? Number.NaN;
    const one: InterfaceCounters = {
      name,
      rxBytes: of('rx_bytes'),
      rxPackets: of('rx_packets'),
      rxErrors: of('rx_errors'),
      rxDropped: of('rx_dropped'),
      txBytes: of('tx_bytes'),
      txPackets: of('tx_packets'),
      txErrors: of('tx_errors'),
      txDropped: of('tx_dropped'),
    };
    const complete = Object.values(one).every((value) => typeof value === 'string' || !Number.isNaN(value));
    return complete ? [one] : [];
  });
  return network.length === 0 ? {} : { network };
}

function field(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null ? (from as Record<string, unknown>)[name] : undefined;
}

function number(from: unknown, name: string): number | undefined {
  const value = field(from, name);
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : undefined;
}
