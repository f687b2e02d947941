import type { CheckStatus, Finding, Severity } from '@seatrial/contracts';

import { formatCount } from '../text/units.ts';
import { isAtLeast, WORST_FIRST, type ScanResult } from './result.ts';

/** Number of findings by status and severity: equal in every format. */
export type Tally = Readonly<Record<string, Readonly<Partial<Record<Severity, number>>>>>;

/** Counts findings by status, then severity. */
export function tallyFindings(findings: readonly Pick<Finding, 'status' | 'severity'>[]): Tally {
  const tally: Record<string, Partial<Record<Severity, number>>> = {};
  for (const { status, severity } of findings) {
    const row = (tally[status] ??= {});
    row[severity] = (row[severity] ?? 0) + 1;
  }
  return tally;
}

/** Findings of one status. */
export function countOf(tally: Tally, status: CheckStatus): number {
  return Object.values(tally[status] ?? {}).reduce((sum, count) => sum + count, 0);
}

/** `1 critical, 2 high` for the severities that occur; `none` when there are none. */
export function severityWords(counts: Readonly<Partial<Record<Severity, number>>>): string {
  const words = WORST_FIRST.filter((severity) => (counts[severity] ?? 0) > 0).map(
    (severity) => `${counts[severity]} ${severity}`,
  );
  return words.length === 0 ? 'none' : words.join(', ');
}

/** The closing sentence of a scan: what was looked at, what was found, what could not be known. */
export function summarySentence({ findings, summary }: ScanResult): string {
  const tally = tallyFindings(findings);
  const subsumed = findings.filter((finding) => finding.status === 'fail' && !finding.primary).length;
  const parts = [
    countOf(tally, 'fail') === 0
      ? 'no findings'
      : severityWords(tally.fail ?? {}) + (subsumed === 0 ? '' : ` (${subsumed} of them part of another)`),
    ...(countOf(tally, 'unknown') === 0 ? [] : [`${countOf(tally, 'unknown')} unknown`]),
    ...(countOf(tally, 'waived') === 0 ? [] : [`${countOf(tally, 'waived')} waived`]),
    `${formatCount(summary.status.pass ?? 0, 'check')} passed`,
  ];
  return `${formatCount(summary.targets, 'container')}: ${parts.join('; ')}.`;
}

/** What a gate objects to. */
export interface Gate {
  /** Failures of this severity and worse. */ readonly failOn?: Severity;
  /** What could not be known counts like a failure of its severity (of any, without `failOn`). */ readonly failOnUnknown?: boolean;
}

/** The findings that keep a scan from passing its gate, in the given order. Waived and subsumed ones never do. */
export function breaches(findings: readonly Finding[], { failOn, failOnUnknown = false }: Gate): Finding[] {
  return findings.filter(({ status, severity, primary }) => {
    if (!primary) return false;
    if (status === 'fail') return failOn !== undefined && isAtLeast(severity, failOn);
    return status === 'unknown' && failOnUnknown && (failOn === undefined || isAtLeast(severity, failOn));
  });
}
