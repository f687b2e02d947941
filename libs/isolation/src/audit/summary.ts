import { CheckStatus, SEVERITIES, type AuditSummary, type TargetVerdict } from '@seatrial/contracts';

import type { TargetAudit } from './audit.ts';
import { groupsOf } from './group.ts';

/** Counts over all verdicts, passes included; severities are those of primary failures. */
export function summarise(audits: readonly TargetAudit[]): AuditSummary {
  const status: Record<string, number> = Object.fromEntries(CheckStatus.options.map((name) => [name, 0]));
  const severity: Record<string, number> = Object.fromEntries(SEVERITIES.map((name) => [name, 0]));
  for (const verdict of audits.flatMap((audit) => audit.verdicts)) {
    status[verdict.status] = (status[verdict.status] ?? 0) + 1;
    if (verdict.status === 'fail' && verdict.primary)
      severity[verdict.severity] = (severity[verdict.severity] ?? 0) + 1;
  }
  return { targets: audits.length, status, severity, groups: groupsOf(audits).size };
}

/** Why verdicts are unknown, counted; for the report of an audit. */
export function unknownReasons(audits: readonly TargetAudit[]): Readonly<Record<string, number>> {
  const reasons: Record<string, number> = {};
  for (const { outcome } of audits.flatMap((audit) => audit.verdicts)) {
    if (outcome.status !== 'unknown') continue;
    // Paths and pids differ from target to target; what stands before them does not.
    const reason = outcome.message.split(/[:(]/, 1)[0]?.trim().slice(0, 120) ?? '';
    reasons[reason] = (reasons[reason] ?? 0) + 1;
  }
  return reasons;
}

/** One target as queries and `scan` show it. */
export function targetVerdict(audit: TargetAudit): TargetVerdict {
  const { platform, id, name, identity, demo } = audit.target;
  return {
    platform,
    id,
    name,
    identity,
    status: audit.document.status,
    ...(demo ? { demo } : {}),
    k: { ...audit.k },
    grade: audit.grade,
    groupId: audit.groupId,
  };
}
