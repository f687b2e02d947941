import { coresOf, numberBehind, parseCpuMax, parseLimit, pickNumbers, singleNumber } from '@seatrial/host';
import { type CounterValues, present } from '../counters.ts';
import type { ReadFile } from './files.ts';

/** v1 may mount `cpu` (limits, throttling) and `cpuacct` (usage) apart; v2 has one `cpu`. */
export const CPU_FILES = {
  v1: ['cpu.stat', 'cpu.cfs_quota_us', 'cpu.cfs_period_us'],
  v2: ['cpu.stat', 'cpu.max'],
} as const;
export const CPUACCT_FILES = { v1: ['cpuacct.usage', 'cpuacct.stat'], v2: [] } as const;

/** `cpuacct.stat` counts in USER_HZ, which is 100 on every architecture Docker runs on. Source: times(2). */
const NANOS_PER_TICK = 1e7;
const NANOS_PER_MICRO = 1000;

export function cpuV1(read: ReadFile<(typeof CPU_FILES.v1)[number]>): CounterValues {
  const stat = read('cpu.stat') ?? '';
  const limit = coresOf(parseLimit(read('cpu.cfs_quota_us') ?? ''), singleNumber(read('cpu.cfs_period_us') ?? ''));
  return {
    ...pickNumbers(stat, {
      nr_periods: 'cpuPeriods',
      nr_throttled: 'cpuThrottledPeriods',
      throttled_time: 'cpuThrottledNanos',
    }),
    ...present('cpuLimitCores', limit),
  };
}

export function cpuacctV1(read: ReadFile<(typeof CPUACCT_FILES.v1)[number]>): CounterValues {
  const stat = read('cpuacct.stat') ?? '';
  return {
    ...present('cpuTotalNanos', singleNumber(read('cpuacct.usage') ?? '')),
    ...present('cpuUserNanos', scaled(numberBehind(stat, 'user'), NANOS_PER_TICK)),
    ...present('cpuSystemNanos', scaled(numberBehind(stat, 'system'), NANOS_PER_TICK)),
  };
}

export function cpuV2(read: ReadFile<(typeof CPU_FILES.v2)[number]>): CounterValues {
  const stat = read('cpu.stat') ?? '';
  return {
    ...present('cpuTotalNanos', scaled(numberBehind(stat, 'usage_usec'), NANOS_PER_MICRO)),
    ...present('cpuUserNanos', scaled(numberBehind(stat, 'user_usec'), NANOS_PER_MICRO)),
    ...present('cpuSystemNanos', scaled(numberBehind(stat, 'system_usec'), NANOS_PER_MICRO)),
    ...pickNumbers(stat, { nr_periods: 'cpuPeriods', nr_throttled: 'cpuThrottledPeriods' }),
    ...present('cpuThrottledNanos', scaled(numberBehind(stat, 'throttled_usec'), NANOS_PER_MICRO)),
    ...present('cpuLimitCores', parseCpuMax(read('cpu.max') ?? '')),
  };
}

function scaled(value: number | undefined, factor: number): number | undefined {
  return value === undefined ? undefined : value * factor;
}
