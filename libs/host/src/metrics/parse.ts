import { numberBehind, pickNumbers, wholeNumbers } from '../kernel-files/flat-keyed.ts';
import type { CpuTimes, DiskCounters, HostCounters, MemoryState } from './counters.ts';

/** `/proc/stat` counts in USER_HZ, 100 on the architectures we run on. */
const NANOS_PER_TICK = 1e7;
/** `/proc/diskstats` counts 512-byte sectors whatever the disk's own are. Source: Documentation/admin-guide/iostats.rst. */
const SECTOR_BYTES = 512;

/** Reads `/proc/stat`. */
export function parseStat(text: string): Partial<HostCounters> {
  const boot = numberBehind(text, 'btime');
  const cores = [...text.matchAll(/^cpu\d+ .*$/gm)].flatMap(([line]) => cpuTimes(line) ?? []);
  const cpu = cpuTimes(/^cpu .*$/m.exec(text)?.[0] ?? '');
  return {
    ...(boot === undefined ? {} : { epoch: String(boot) }),
    ...(cpu === undefined ? {} : { cpu }),
    ...(cores.length === 0 ? {} : { cores }),
    ...pickNumbers(text, {
      ctxt: 'contextSwitches',
      intr: 'interrupts',
      processes: 'forks',
      procs_running: 'tasksRunning',
      procs_blocked: 'tasksBlocked',
    }),
  };
}

function cpuTimes(line: string): CpuTimes | undefined {
  const ticks = wholeNumbers(line.trim().split(/\s+/).slice(1)) ?? [];
  const [user, nice, system, idle, iowait, irq, softirq, steal] = ticks.map((count) => count * NANOS_PER_TICK);
  if (user === undefined || nice === undefined || system === undefined || idle === undefined) return undefined;
  if (iowait === undefined || irq === undefined || softirq === undefined || steal === undefined) return undefined;
  return {
    userNanos: user,
    niceNanos: nice,
    systemNanos: system,
    idleNanos: idle,
    iowaitNanos: iowait,
    irqNanos: irq,
    softirqNanos: softirq,
    stealNanos: steal,
  };
}

/** Reads `/proc/meminfo`; its kB are 1024 bytes. */
export function parseMemInfo(text: string): MemoryState | undefined {
  const kib = pickNumbers(text, {
    MemTotal: 'totalBytes',
    MemFree: 'freeBytes',
    MemAvailable: 'availableBytes',
    Buffers: 'buffersBytes',
    Cached: 'cachedBytes',
    Shmem: 'sharedBytes',
    SReclaimable: 'slabReclaimableBytes',
    Dirty: 'dirtyBytes',
    SwapTotal: 'swapTotalBytes',
    SwapFree: 'swapFreeBytes',
  });
  const entries = Object.entries(kib).map(([name, value]) => [name, value * 1024] as const);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

/** Reads `/proc/loadavg`. */
export function parseLoadAvg(text: string): Partial<HostCounters> {
  const match = /^(\d+\.\d+) (\d+\.\d+) (\d+\.\d+) /.exec(text);
  return match === null ? {} : { load1: Number(match[1]), load5: Number(match[2]), load15: Number(match[3]) };
}

/** Reads `/proc/uptime`. */
export function parseUptime(text: string): Partial<HostCounters> {
  const seconds = /^(\d+(?:\.\d+)?) /.exec(text)?.[1];
  return seconds === undefined ? {} : { uptimeSeconds: Number(seconds) };
}

/** Reads the few lines of `/proc/vmstat` that tell of trouble. */
export function parseVmStat(text: string): Partial<HostCounters> {
  return pickNumbers(text, {
    pgfault: 'pageFaults',
    pgmajfault: 'majorPageFaults',
    pswpin: 'swapInPages',
    pswpout: 'swapOutPages',
    oom_kill: 'oomKills',
  });
}

/** Reads `/proc/diskstats`. Partitions are left out (`whole` knows the disks): their counters are part of the disk's. */
export function parseDiskStats(text: string, whole: ReadonlySet<string>): DiskCounters[] {
  return text.split('\n').flatMap((line) => {
    const [, , name, ...words] = line.trim().split(/\s+/);
    if (name === undefined || !whole.has(name)) return [];
    const [reads, , readSectors, , writes, , writtenSectors, , , busyMs, queueMs] = wholeNumbers(words) ?? [];
    if (reads === undefined || readSectors === undefined || writes === undefined || writtenSectors === undefined)
      return [];
    if (busyMs === undefined || queueMs === undefined) return [];
    const readBytes = readSectors * SECTOR_BYTES;
    const writeBytes = writtenSectors * SECTOR_BYTES;
    return [{ name, reads, readBytes, writes, writeBytes, busyMs, queueMs }];
  });
}
