import type { CheckStatus, Finding, Severity } from '@seatrial/contracts';

import { toJsonText } from '../text/json.ts';
import { neutralise } from '../text/neutralise.ts';
import { findingLabel, inPrintOrder, type CatalogueCheck, type ScanResult } from './result.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** Name of our fingerprint in `partialFingerprints`; the digit changes with the way it is computed. */
const FINGERPRINT = 'seatrial/v1';

/** What the log says about the program that made it. */
export interface SarifTool {
  readonly version: string;
  readonly informationUri?: string;
}

/**
 * SARIF 2.1.0. Critical and high are errors, medium a warning, low and info notes; verdicts other than a failure have their own `kind` and level `none`;
 * a waived finding keeps its level and is suppressed. One result a finding, so that the fingerprint of each can be followed.
 */
export function scanToSarif(result: ScanResult, checks: readonly CatalogueCheck[], tool: SarifTool): string {
  const findings = inPrintOrder(result.findings);
  const rules = rulesFor(findings, checks);
  const indexOf = new Map(rules.map(({ id }, at) => [id, at]));
  return `${toJsonText({
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Seatrial',
            version: tool.version,
            ...(tool.informationUri !== undefined && { informationUri: tool.informationUri }),
            rules,
          },
        },
        automationDetails: { id: 'seatrial/isolation/' },
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding) => sarifResult(finding, indexOf.get(finding.checkId))),
        properties: { summary: result.summary, targets: result.targets },
      },
    ],
  })}\n`;
}

/** Every check of the catalogue, then those that findings name and the catalogue does not (an older client). */
function rulesFor(findings: readonly Finding[], checks: readonly CatalogueCheck[]): { id: string }[] {
  const known = new Set(checks.map(({ id }) => id));
  const unlisted = new Map(
    findings.filter(({ checkId }) => !known.has(checkId)).map((finding) => [finding.checkId, finding]),
  );
  return [
    ...checks.map(sarifRule),
    ...[...unlisted.values()].map(({ checkId, title }) => ({
      id: checkId,
      shortDescription: { text: neutralise(title) },
    })),
  ];
}

function sarifRule(check: CatalogueCheck) {
  return {
    id: check.id,
    shortDescription: { text: check.title },
    fullDescription: { text: check.why },
    help: { text: `Passes when: ${check.passesWhen}\nFix: ${check.remedy}\nHow to test the fix: ${check.howToTest}` },
    defaultConfiguration: { level: LEVEL[check.severity] },
    properties: {
      tags: ['security', 'isolation', ...check.maps],
      'security-severity': SECURITY_SEVERITY[check.severity],
    },
  };
}

function sarifResult(finding: Finding, ruleIndex: number | undefined) {
  const { target } = finding;
  const kind = KIND[finding.status];
  const label = findingLabel(finding);
  return {
    ruleId: finding.checkId,
    ...(ruleIndex !== undefined && { ruleIndex }),
    kind,
    level: kind === 'fail' ? LEVEL[finding.severity] : 'none',
    message: { text: neutralise(`${target.name}: ${finding.message}`) },
    locations: [
      {
        // Viewers that know files only show this; it names the target, not a file.
        physicalLocation: {
          artifactLocation: { uri: `${target.platform}/${encodeURIComponent(target.name.toWellFormed())}` },
        },
        logicalLocations: [
          { name: neutralise(target.name), fullyQualifiedName: neutralise(target.identity), kind: 'resource' },
        ],
      },
    ],
    partialFingerprints: { [FINGERPRINT]: finding.fingerprint },
    ...(finding.status === 'waived' && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: neutralise(finding.message) }],
    }),
    properties: {
      severity: finding.severity,
      severityBase: finding.severityBase,
      status: finding.status,
      primary: finding.primary,
      ...(finding.subsumedBy !== undefined && { subsumedBy: finding.subsumedBy }),
      confidence: finding.confidence,
      target,
      evidence: finding.evidence,
      ...(finding.path !== undefined && { path: finding.path }),
      ...(finding.k !== undefined && { k: finding.k }),
      firstSeen: finding.firstSeen,
      lastSeen: finding.lastSeen,
      remedy: finding.remedy,
      ...(finding.stale === true && { stale: true }),
      ...(label !== '' && { label }),
    },
  };
}

const LEVEL: Readonly<Record<Severity, string>> = {
  critical: 'error',
  high: 'error',
  medium: 'warning',
  low: 'note',
  info: 'note',
};
/** Scale of code-scanning viewers (CVSS-like); the middle of each of their bands. */
const SECURITY_SEVERITY: Readonly<Record<Severity, string>> = {
  critical: '9.5',
  high: '8.0',
  medium: '5.5',
  low: '2.0',
  info: '0.0',
};
/** `open`: evaluated, but there was not enough evidence to decide. */
const KIND: Readonly<Record<CheckStatus, string>> = {
  fail: 'fail',
  waived: 'fail',
  unknown: 'open',
  pass: 'pass',
  'not-applicable': 'notApplicable',
};
