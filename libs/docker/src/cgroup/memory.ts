import { numberBehind, parseLimit, pickNumbers, singleNumber } from '@seatrial/host';
import { type CounterValues, present, workingSet } from '../counters.ts';
import type { ReadFile } from './files.ts';

export const MEMORY_FILES = {
  v1: ['memory.usage_in_bytes', 'memory.stat', 'memory.limit_in_bytes', 'memory.oom_control'],
  v2: ['memory.current', 'memory.stat', 'memory.max', 'memory.events'],
} as const;

/** The `total_` numbers of v1 include cgroups below the container's, as usage does. */
export function memoryV1(read: ReadFile<(typeof MEMORY_FILES.v1)[number]>): CounterValues {
  const usage = singleNumber(read('memory.usage_in_bytes') ?? '');
  const stat = read('memory.stat') ?? '';
  return {
    ...present('memoryUsageBytes', usage),
    ...workingSet(usage, numberBehind(stat, 'total_inactive_file')),
    ...pickNumbers(stat, {
      total_rss: 'memoryRssBytes',
      total_cache: 'memoryCacheBytes',
      total_pgfault: 'pageFaults',
      total_pgmajfault: 'majorPageFaults',
    }),
    ...present('memoryLimitBytes', parseLimit(read('memory.limit_in_bytes') ?? '')),
    ...present('oomKills', numberBehind(read('memory.oom_control') ?? '', 'oom_kill')),
  };
}

export function memoryV2(read: ReadFile<(typeof MEMORY_FILES.v2)[number]>): CounterValues {
  const usage = singleNumber(read('memory.current') ?? '');
  const stat = read('memory.stat') ?? '';
  return {
    ...present('memoryUsageBytes', usage),
    ...workingSet(usage, numberBehind(stat, 'inactive_file')),
    ...pickNumbers(stat, {
      anon: 'memoryRssBytes',
      file: 'memoryCacheBytes',
      pgfault: 'pageFaults',
      pgmajfault: 'majorPageFaults',
    }),
    ...present('memoryLimitBytes', parseLimit(read('memory.max') ?? '')),
    ...present('oomKills', numberBehind(read('memory.events') ?? '', 'oom_kill')),
  };
}
