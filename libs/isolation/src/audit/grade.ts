import type { Severity } from '@seatrial/contracts';

import type { Verdict } from './audit.ts';
import { severityRank, shiftSeverity } from './severity.ts';

/** A (nothing, or only notes) to E by the worst primary finding; F = a way to the host is open. */
export type Grade = 'A' | 'B' | 'C' | 'D' | 'E' | 'F';

const GRADES: Readonly<Record<Severity, Grade>> = { info: 'A', low: 'B', medium: 'C', high: 'D', critical: 'E' };

/** No sum of plus and minus ones: the worst finding decides. What is unknown counts as a step less than its severity. */
export function gradeOf(verdicts: readonly Verdict[]): Grade {
  let worst: Severity = 'info';
  for (const { check, status, primary, severity } of verdicts) {
    if (!primary || (status !== 'fail' && status !== 'unknown')) continue;
    if (status === 'fail' && check.id === 'dkr.path.host_escape') return 'F';
    const weight = status === 'fail' ? severity : shiftSeverity(severity, -1);
    if (severityRank(weight) < severityRank(worst)) worst = weight;
  }
  return GRADES[worst];
}
