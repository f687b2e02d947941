import { SEVERITIES, type Severity } from '@seatrial/contracts';

import type { Traits } from '../checks/traits.ts';

/** 0 = worst. */
export function severityRank(severity: Severity): number {
  return SEVERITIES.indexOf(severity);
}

/** One step up or down, within the scale. */
export function shiftSeverity(severity: Severity, steps: -1 | 0 | 1): Severity {
  return SEVERITIES[Math.min(Math.max(severityRank(severity) - steps, 0), SEVERITIES.length - 1)] ?? severity;
}

/**
 * Severity in its context: a step up where the outside can reach the workload or the host lies open (K = 0), a step down behind a user namespace, gVisor or Kata. At most one step each way, and
 * what is only worth knowing stays that.
 */
export function severityInContext(base: Severity, traits: Traits, k: number | null): Severity {
  const up = traits.exposed || k === 0 ? 1 : 0;
  const down = traits.remapped === true || traits.sandbox !== 'none' ? 1 : 0;
  const steps = up - down;
  if (base === 'info' && steps > 0) return base;
  return shiftSeverity(base, steps > 0 ? 1 : steps < 0 ? -1 : 0);
}
