import type { InterfaceCounters } from '../kernel-files/net-dev.ts';
import type { Pressure } from '../kernel-files/pressure.ts';

/** CPU time since boot, nanoseconds. `user` includes guests, as the kernel counts it. Source: proc_stat(5). */
export interface CpuTimes {
  readonly userNanos: number;
  readonly niceNanos: number;
  readonly systemNanos: number;
  readonly idleNanos: number;
  readonly iowaitNanos: number;
  readonly irqNanos: number;
  readonly softirqNanos: number;
  /** Time the hypervisor gave to others while we wanted to run. */
  readonly stealNanos: number;
}

/** Counters of one whole disk since boot. */
export interface DiskCounters {
  readonly name: string;
  readonly reads: number;
  readonly readBytes: number;
  readonly writes: number;
  readonly writeBytes: number;
  /** Time with at least one request in flight, ms. */
  readonly busyMs: number;
  /** Sum of the time of all requests in flight, ms. */
  readonly queueMs: number;
}

/** State of memory, bytes. */
export interface MemoryState {
  readonly totalBytes?: number;
  readonly freeBytes?: number;
  /** The kernel's estimate of what a new program could get without swapping. */
  readonly availableBytes?: number;
  readonly buffersBytes?: number;
  readonly cachedBytes?: number;
  readonly sharedBytes?: number;
  readonly slabReclaimableBytes?: number;
  readonly dirtyBytes?: number;
  readonly swapTotalBytes?: number;
  readonly swapFreeBytes?: number;
}

/** One reading of this machine. What cannot be read is absent, never zero. */
export interface HostCounters {
  /** When it was read, epoch ms. */
  readonly atMs: number;
  /** Time of boot, as text: counters of two boots must not be subtracted from each other. */
  readonly epoch?: string;
  readonly uptimeSeconds?: number;
  readonly cpu?: CpuTimes;
  readonly cores?: readonly CpuTimes[];
  readonly contextSwitches?: number;
  readonly interrupts?: number;
  /** Processes started since boot. */
  readonly forks?: number;
  readonly tasksRunning?: number;
  readonly tasksBlocked?: number;
  readonly load1?: number;
  readonly load5?: number;
  readonly load15?: number;
  readonly memory?: MemoryState;
  readonly pageFaults?: number;
  readonly majorPageFaults?: number;
  readonly swapInPages?: number;
  readonly swapOutPages?: number;
  readonly oomKills?: number;
  readonly disks?: readonly DiskCounters[];
  /** Without loopback. */
  readonly network?: readonly InterfaceCounters[];
  readonly cpuPressure?: Pressure;
  readonly memoryPressure?: Pressure;
  readonly ioPressure?: Pressure;
}
