import type { AuditSummary, CheckList, Finding, ReplyOf, Severity, TargetVerdict } from '@seatrial/contracts';

import type { Tone } from '../table/paint.ts';

/** What an audit found: the one object behind every format of `scan`. */
export interface ScanResult {
  /** Status `fail`, `unknown` or `waived`; passes are counted in `summary`. */
  readonly findings: readonly Finding[];
  readonly targets: readonly TargetVerdict[];
  readonly summary: AuditSummary;
}

/** One check of the catalogue, as the auditor lists it. */
export type CatalogueCheck = ReplyOf<typeof CheckList>['checks'][number];

/** Rank of a severity, 0 = worst. */
const SEVERITY_RANK: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3, info: 4 };

/** Severities, worst first. */
export const WORST_FIRST = Object.keys(SEVERITY_RANK) as readonly Severity[];

/** True when `severity` is `least` or worse. */
export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITY_RANK[severity] <= SEVERITY_RANK[least];
}

const WORDS: Readonly<Record<Severity, string>> = {
  critical: 'CRIT',
  high: 'HIGH',
  medium: 'MED',
  low: 'LOW',
  info: 'INFO',
};
const TONES: Readonly<Record<Severity, Tone>> = {
  critical: 'critical',
  high: 'high',
  medium: 'medium',
  low: 'low',
  info: 'dim',
};

/** A severity by itself, without a verdict. */
export function severityWord(severity: Severity): { text: string; tone: Tone } {
  return { text: WORDS[severity], tone: TONES[severity] };
}

/** Severity as a glyph and a word: never by colour alone. A verdict that could not be reached has its own glyph. */
export function severityCell({ severity, status }: Pick<Finding, 'severity' | 'status'>): { text: string; tone: Tone } {
  if (status === 'unknown') return { text: `? ${WORDS[severity]}`, tone: 'warn' };
  if (status === 'waived') return { text: `- ${WORDS[severity]}`, tone: 'dim' };
  return {
    text: `${severity === 'critical' || severity === 'high' ? '✗' : '!'} ${WORDS[severity]}`,
    tone: TONES[severity],
  };
}

/** `SIMULATED` or `DEMO` where the row is not of the real estate, else empty. */
export function labelOf(row: { readonly simulated?: boolean; readonly demo?: boolean }): string {
  return row.simulated === true ? 'SIMULATED' : row.demo === true ? 'DEMO' : '';
}

/** Label of a finding; the demo mark stands at its target. */
export function findingLabel(finding: Finding): string {
  return labelOf({
    ...(finding.simulated === true && { simulated: true }),
    ...(finding.target.demo === true && { demo: true }),
  });
}

/** Real rows before labelled ones, worst first, failures before what is unknown, then by check and target: the order of every printed list. */
export function inPrintOrder(findings: readonly Finding[]): Finding[] {
  return findings.toSorted(
    (a, b) =>
      Number(a.simulated ?? false) - Number(b.simulated ?? false) ||
      STATUS_RANK[a.status] - STATUS_RANK[b.status] ||
      SEVERITY_RANK[a.severity] - SEVERITY_RANK[b.severity] ||
      Number(b.primary) - Number(a.primary) ||
      compare(a.checkId, b.checkId) ||
      compare(a.target.name, b.target.name) ||
      compare(a.fingerprint, b.fingerprint),
  );
}

const STATUS_RANK: Readonly<Record<Finding['status'], number>> = {
  fail: 0,
  unknown: 1,
  waived: 2,
  'not-applicable': 3,
  pass: 4,
};

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
