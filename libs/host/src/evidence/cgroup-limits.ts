import { coresOf, parseCpuMax, parseLimit } from '../cgroup/limits.ts';
import type { CgroupLocator, CgroupPlace } from '../cgroup/locate.ts';
import type { CgroupMembership } from '../cgroup/membership.ts';
import { type MissingReason, type Reading, readingOf } from '../kernel-files/reading.ts';

/** Limits in force for a process, as its own cgroup sets them (a parent may be narrower). null = unlimited. */
export interface CgroupEvidence {
  readonly memoryLimitBytes: Reading<number | null>;
  /** Quota over period. */
  readonly cpuLimitCores: Reading<number | null>;
  readonly pidsLimit: Reading<number | null>;
  /** Lines of `devices.list` (cgroup v1), e.g. `c 1:3 rwm`; on v2 the rules are a program that cannot be read. */
  readonly deviceRules: Reading<readonly string[]>;
}

export function readCgroupEvidence(locator: CgroupLocator, memberships: readonly CgroupMembership[]): CgroupEvidence {
  return {
    memoryLimitBytes: limit(locator.place('memory', memberships), 'memory.limit_in_bytes', 'memory.max'),
    cpuLimitCores: cpuLimit(locator.place('cpu', memberships)),
    pidsLimit: limit(locator.place('pids', memberships), 'pids.max', 'pids.max'),
    deviceRules: deviceRules(locator.place('devices', memberships)),
  };
}

export function missingCgroupEvidence(missing: MissingReason, detail: string): CgroupEvidence {
  const none = { missing, detail } as const;
  return { memoryLimitBytes: none, cpuLimitCores: none, pidsLimit: none, deviceRules: none };
}

const NOT_MOUNTED = { missing: 'unsupported', detail: 'the cgroup of the process is not mounted here' } as const;

function limit(place: CgroupPlace | undefined, v1File: string, v2File: string): Reading<number | null> {
  if (place === undefined) return NOT_MOUNTED;
  const path = `${place.directory}/${place.version === 1 ? v1File : v2File}`;
  return readingOf(path, path, parseLimit);
}

function cpuLimit(place: CgroupPlace | undefined): Reading<number | null> {
  if (place === undefined) return NOT_MOUNTED;
  if (place.version === 2) return readingOf(`${place.directory}/cpu.max`, `${place.directory}/cpu.max`, parseCpuMax);
  const path = `${place.directory}/cpu.cfs_quota_us`;
  const quota = readingOf(path, path, parseLimit);
  if ('missing' in quota || quota.value === null) return quota;
  return readingOf(`${place.directory}/cpu.cfs_period_us`, path, (text) => coresOf(quota.value, Number(text)));
}

function deviceRules(place: CgroupPlace | undefined): Reading<readonly string[]> {
  if (place === undefined) return NOT_MOUNTED;
  if (place.version === 2)
    return { missing: 'unsupported', detail: 'device rules of cgroup v2 are a program and cannot be read back' };
  const path = `${place.directory}/devices.list`;
  return readingOf(path, path, (text) => text.split('\n').filter((line) => line !== ''));
}
