import type { Finding } from '@seatrial/contracts';

import type { TargetAudit, Verdict } from '../audit/audit.ts';
import { severityRank } from '../audit/severity.ts';
import { evidenceOf, plainText, sideText } from './evidence.ts';
import { fingerprintOf } from './fingerprint.ts';

/** When a finding was seen. */
export interface Sightings {
  /** RFC 3339. */
  readonly firstSeen: string;
  readonly lastSeen: string;
  /** Counts returns to open. */
  readonly occurrence: number;
}

/** Verdicts that a person must look at: failures, and what could not be known. */
export function reportable(audit: TargetAudit): readonly Verdict[] {
  return audit.verdicts.filter(({ status }) => status === 'fail' || status === 'unknown');
}

export function fingerprintOfVerdict(audit: TargetAudit, { check, outcome }: Verdict): string {
  // What is unknown has no evidence to tell it apart.
  const normal = outcome.status === 'fail' ? (outcome.normal ?? []) : [outcome.status];
  return fingerprintOf(check.id, audit.target.identity, normal);
}

/** A verdict as a finding of the contract. */
export function findingOf(audit: TargetAudit, verdict: Verdict, seen: Sightings): Finding {
  const { check, outcome } = verdict;
  const declared = sideText(outcome, 'declared');
  const effective = sideText(outcome, 'effective');
  const path = outcome.status === 'fail' ? outcome.path : undefined;
  const k = check.id === 'dkr.path.host_escape' ? audit.k.host : null;
  return {
    fingerprint: fingerprintOfVerdict(audit, verdict),
    checkId: check.id,
    title: check.title,
    status: verdict.status,
    severity: verdict.severity,
    severityBase: verdict.severityBase,
    primary: verdict.primary,
    ...(verdict.subsumedBy === undefined ? {} : { subsumedBy: verdict.subsumedBy }),
    target: audit.target,
    message: plainText(outcome.message, 1000),
    remedy: check.remedy,
    ...(declared === undefined ? {} : { declared }),
    ...(effective === undefined ? {} : { effective }),
    evidence: evidenceOf(outcome),
    ...(path === undefined ? {} : { path: path.map((step) => plainText(step, 300)) }),
    ...(k === null ? {} : { k }),
    firstSeen: seen.firstSeen,
    lastSeen: seen.lastSeen,
    occurrence: seen.occurrence,
    confidence: outcome.confidence,
  };
}

/** Worst first; failures before what is unknown; then by target and check, so that the order is always the same. */
export function worstFirst(a: Finding, b: Finding): number {
  return (
    severityRank(a.severity) - severityRank(b.severity) ||
    Number(b.status === 'fail') - Number(a.status === 'fail') ||
    Number(b.primary) - Number(a.primary) ||
    compareText(a.target.name, b.target.name) ||
    compareText(a.checkId, b.checkId) ||
    compareText(a.fingerprint, b.fingerprint)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
