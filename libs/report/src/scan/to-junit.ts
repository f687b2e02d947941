import type { Finding } from '@seatrial/contracts';

import { xmlElement, xmlText } from '../text/xml.ts';
import { findingLabel, inPrintOrder, type ScanResult } from './result.ts';

/** A target as far as a suite needs it; findings may name one that the list of targets does not hold any more. */
interface Suite {
  readonly name: string;
  readonly identity: string;
  readonly findings: Finding[];
}

/** JUnit XML: one suite a target, one case a finding; what is unknown is an error, what is waived is skipped. */
export function scanToJunit(result: ScanResult): string {
  const suites = suitesOf(result);
  const all = result.findings;
  const lines = xmlElement('testsuites', { name: 'seatrial isolation', ...counts(all) }, suites.flatMap(suiteElement));
  return ['<?xml version="1.0" encoding="UTF-8"?>', ...lines, ''].join('\n');
}

function suitesOf({ findings, targets }: ScanResult): Suite[] {
  const suites = new Map<string, Suite>(
    targets.map(({ id, name, identity }) => [id, { name, identity, findings: [] }]),
  );
  for (const finding of inPrintOrder(findings)) {
    const { id, name, identity } = finding.target;
    const suite = suites.get(id) ?? { name, identity, findings: [] };
    suites.set(id, suite);
    suite.findings.push(finding);
  }
  return [...suites.values()];
}

function suiteElement({ name, identity, findings }: Suite): string[] {
  return xmlElement('testsuite', { name, ...counts(findings) }, [
    ...xmlElement('properties', {}, xmlElement('property', { name: 'identity', value: identity })),
    ...findings.flatMap(caseElement),
  ]);
}

function caseElement(finding: Finding): string[] {
  const label = findingLabel(finding);
  const properties = Object.entries({
    severity: finding.severity,
    fingerprint: finding.fingerprint,
    ...(finding.subsumedBy !== undefined && { subsumedBy: finding.subsumedBy }),
    ...(label !== '' && { label }),
  }).flatMap(([name, value]) => xmlElement('property', { name, value }));
  return xmlElement(
    'testcase',
    { name: finding.checkId, classname: `${finding.target.platform}.${finding.target.name}` },
    [...xmlElement('properties', {}, properties), ...verdictElement(finding)],
  );
}

function verdictElement(finding: Finding): string[] {
  const about = { message: `${finding.severity}: ${finding.message}`, type: finding.severity };
  const body = [
    `Fix: ${finding.remedy}`,
    ...finding.evidence.map(({ ref, excerpt }) => `Evidence: ${ref} = ${excerpt}`),
  ].map(xmlText);
  switch (finding.status) {
    case 'fail':
      return xmlElement('failure', about, body);
    case 'unknown':
      return xmlElement('error', about, body);
    case 'waived':
    case 'not-applicable':
      return xmlElement('skipped', { message: about.message });
    case 'pass':
      return [];
  }
}

function counts(findings: readonly Finding[]) {
  const of = (...statuses: Finding['status'][]): number =>
    findings.filter(({ status }) => statuses.includes(status)).length;
  return {
    tests: findings.length,
    failures: of('fail'),
    errors: of('unknown'),
    skipped: of('waived', 'not-applicable'),
  };
}
