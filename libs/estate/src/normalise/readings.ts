/** Share of time in percent over a window, and its sum; as the kernel's pressure files give it. */
export interface PressureReading {
  readonly avg10Percent: number;
  readonly avg60Percent: number;
  readonly avg300Percent: number;
  readonly totalMicros: number;
}

export interface PressurePair {
  readonly some?: PressureReading;
  readonly full?: PressureReading;
}

/** Counters of one network interface. */
export interface InterfaceReading {
  readonly name: string;
  readonly rxBytes: number;
  readonly txBytes: number;
  readonly rxErrors: number;
  readonly txErrors: number;
  readonly rxDropped: number;
  readonly txDropped: number;
}

/** What a reader delivers about one container. Counters run from its start; absent means it could not be read, or that a limit is not set. */
export interface ContainerReading {
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
  /** Usage without the page cache the kernel would drop first (inactive file). */
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
  readonly cpuPressure?: PressurePair;
  readonly memoryPressure?: PressurePair;
  readonly ioPressure?: PressurePair;
  readonly network?: readonly InterfaceReading[];
}

/** CPU time by mode, nanoseconds. */
export interface CpuReading {
  readonly userNanos: number;
  readonly niceNanos: number;
  readonly systemNanos: number;
  readonly idleNanos: number;
  readonly iowaitNanos: number;
  readonly irqNanos: number;
  readonly softirqNanos: number;
  readonly stealNanos: number;
}

/** What a reader delivers about a machine. The reader of `libs/host` has this shape. */
export interface HostReading {
  readonly atMs: number;
  readonly epoch?: string;
  readonly uptimeSeconds?: number;
  readonly cpu?: CpuReading;
  readonly cores?: readonly CpuReading[];
  readonly contextSwitches?: number;
  readonly tasksRunning?: number;
  readonly tasksBlocked?: number;
  readonly load1?: number;
  readonly load5?: number;
  readonly load15?: number;
  readonly memory?: {
    readonly totalBytes?: number;
    readonly freeBytes?: number;
    readonly availableBytes?: number;
    readonly buffersBytes?: number;
    readonly cachedBytes?: number;
    readonly swapTotalBytes?: number;
    readonly swapFreeBytes?: number;
  };
  readonly pageFaults?: number;
  readonly majorPageFaults?: number;
  readonly oomKills?: number;
  readonly disks?: readonly { readonly name: string; readonly readBytes: number; readonly writeBytes: number }[];
  readonly network?: readonly InterfaceReading[];
  readonly cpuPressure?: PressurePair;
  readonly memoryPressure?: PressurePair;
  readonly ioPressure?: PressurePair;
}

/** Room on one file system, bytes. */
export interface FilesystemReading {
  readonly mountPoint: string;
  readonly totalBytes: number;
  readonly freeBytes: number;
  readonly availableBytes: number;
}
