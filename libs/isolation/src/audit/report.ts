import type { AuditSummary, Finding, TargetVerdict } from '@seatrial/contracts';

import { findingOf, reportable, worstFirst } from '../findings/finding.ts';
import type { TargetAudit } from './audit.ts';
import { summarise, targetVerdict } from './summary.ts';

/** The object that `scan -o json` prints. */
export interface AuditReport {
  /** Failures and what is unknown, worst first. */
  readonly findings: Finding[];
  readonly targets: TargetVerdict[];
  readonly summary: AuditSummary;
}

/** One report of several audits, without history. @param at time of the audit, RFC 3339 */
export function auditReport(audits: readonly TargetAudit[], at: string): AuditReport {
  return {
    findings: audits
      .flatMap((audit) =>
        reportable(audit).map((verdict) => findingOf(audit, verdict, { firstSeen: at, lastSeen: at, occurrence: 1 })),
      )
      .sort(worstFirst),
    targets: audits.map(targetVerdict),
    summary: summarise(audits),
  };
}
