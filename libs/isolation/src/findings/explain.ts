import type { Explain, ReplyOf } from '@seatrial/contracts';

import type { TargetAudit } from '../audit/audit.ts';
import { UnknownCheck } from '../errors.ts';
import { evidenceOf, plainText, sideText } from './evidence.ts';

/**
 * Why a check decides as it does for one target, passes included.
 * @throws {UnknownCheck} when the audit did not carry out this check
 */
export function explainVerdict(audit: TargetAudit, checkId: string): ReplyOf<typeof Explain> {
  const verdict = audit.verdicts.find(({ check }) => check.id === checkId);
  if (!verdict) throw new UnknownCheck(checkId, []);
  const { outcome } = verdict;
  const declared = sideText(outcome, 'declared');
  const effective = sideText(outcome, 'effective');
  return {
    checkId,
    target: audit.target,
    status: verdict.status,
    severity: verdict.severity,
    severityBase: verdict.severityBase,
    confidence: outcome.confidence,
    message: plainText(outcome.message, 1000),
    ...(declared === undefined ? {} : { declared }),
    ...(effective === undefined ? {} : { effective }),
    evidence: evidenceOf(outcome),
    primary: verdict.primary,
    ...(verdict.subsumedBy === undefined ? {} : { subsumedBy: verdict.subsumedBy }),
    remedy: verdict.check.remedy,
  };
}
