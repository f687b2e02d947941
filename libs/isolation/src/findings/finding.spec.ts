import { AuditSummary, Explain, Finding, TargetVerdict } from '@seatrial/contracts';
import { expect, test } from 'vitest';

import { auditReport } from '../audit/report.ts';
import { auditOf } from '../fixtures/audits.ts';
import { FLAGS } from '../fixtures/flags.ts';
import { bindMount, defaultInspect, hardenedInspect } from '../fixtures/inspect.ts';
import { explainVerdict } from './explain.ts';
import { worstFirst } from './finding.ts';

const AT = '2026-11-25T00:00:00Z';
const SECRET = 'correct-horse-battery-staple';

test('findings, targets and summary of any flag fit their contracts', () => {
  for (const flag of FLAGS) {
    const draft = hardenedInspect();
    flag.apply(draft);
    const report = auditReport([auditOf(draft, flag.peer ? [flag.peer()] : [])], AT);
    expect(report.findings.map((finding) => Finding.parse(finding))).toHaveLength(report.findings.length);
    report.targets.forEach((target) => TargetVerdict.parse(target));
    AuditSummary.parse(report.summary);
  }
});

test('a report is sorted worst first and its counts are those of the verdicts, passes included', () => {
  const audit = auditOf(defaultInspect());
  const { findings, summary } = auditReport([audit], AT);
  expect(findings.toSorted(worstFirst)).toEqual(findings);
  expect(findings.map((finding) => finding.severity)).toEqual([
    'medium',
    'medium',
    'medium',
    'medium',
    'low',
    'low',
    'low',
    'info',
  ]);
  expect(summary).toMatchObject({
    targets: 1,
    groups: 1,
    status: { fail: 8, unknown: 0 },
    severity: { critical: 0, high: 0, medium: 4, low: 3, info: 1 },
  });
  expect(Object.values(summary.status).reduce((sum, count) => sum + count, 0)).toBe(42);
});

test('the value of a secret is nowhere in what leaves the library', () => {
  const draft = defaultInspect();
  draft.Config.Env = [`DB_PASSWORD=${SECRET}`, `URL=https://me:${SECRET}@host`];
  draft.Config['Healthcheck'] = { Test: ['CMD-SHELL', `curl -u me:${SECRET} localhost`] };
  draft.Config['Cmd'] = ['server', `--password=${SECRET}`];
  draft.Config.Labels = { 'com.example.password': SECRET };
  const audit = auditOf(draft);
  const everything = JSON.stringify(
    [audit.document, auditReport([audit], AT), audit.verdicts.map(({ check }) => explainVerdict(audit, check.id))],
    (_, value: unknown) => (typeof value === 'bigint' ? value.toString() : value),
  );
  expect(everything).not.toContain(SECRET);
  const finding = auditReport([audit], AT).findings.find(({ checkId }) => checkId === 'dkr.secret.env');
  expect(finding?.evidence.map(({ excerpt }) => excerpt)).toEqual([
    'DB_PASSWORD=<redacted> (name)',
    'URL=<redacted> (url-password)',
  ]);
  expect(finding?.evidence[0]?.hash).toMatch(/^[0-9a-f]{64}$/);
});

test('both sides of a verdict are shown', () => {
  const draft = hardenedInspect();
  draft.HostConfig['PidMode'] = 'host';
  const [finding] = auditReport([auditOf(draft)], AT).findings;
  expect(finding).toMatchObject({
    confidence: 'effective',
    declared: 'HostConfig.PidMode: "host"',
    effective: '/proc/4242/ns/pid: "pid:[4026531836]"',
  });
});

test('a pass is explained as well as a failure', () => {
  const audit = auditOf(hardenedInspect());
  for (const { check } of audit.verdicts) Explain.replySchema.parse(explainVerdict(audit, check.id));
  expect(explainVerdict(audit, 'dkr.user.root')).toMatchObject({
    status: 'pass',
    confidence: 'effective',
    effective: expect.stringContaining('false'),
  });
  expect(() => explainVerdict(audit, 'dkr.nothing')).toThrow(expect.objectContaining({ code: 'E-NOT-FOUND' }));
});

test('hostile names are one line of bounded length', () => {
  const draft = hardenedInspect('<script>\r\n=cmd');
  bindMount(draft, `/etc/${'x'.repeat(3000)}\n\u001b[31m`, '/a\rb');
  for (const finding of auditReport([auditOf(draft)], AT).findings) {
    expect(JSON.stringify([finding.message, finding.evidence, finding.declared])).not.toMatch(/\\[rn]|\\u001b/);
  }
});

test('severity rises for what the outside reaches and falls behind a sandbox, one step, and notes stay notes', () => {
  const severityOf = (change: (draft: ReturnType<typeof defaultInspect>) => void, id: string) => {
    const draft = defaultInspect();
    change(draft);
    const verdict = auditOf(draft).verdicts.find(({ check }) => check.id === id);
    return [verdict?.severityBase, verdict?.severity];
  };
  const publish = (HostIp: string) => (draft: ReturnType<typeof defaultInspect>) =>
    void (draft.HostConfig['PortBindings'] = { '80/tcp': [{ HostIp, HostPort: '8080' }] });
  expect(severityOf(() => undefined, 'dkr.user.root')).toEqual(['medium', 'medium']);
  expect(severityOf(publish(''), 'dkr.user.root')).toEqual(['medium', 'high']);
  expect(severityOf(publish('127.0.0.1'), 'dkr.user.root')).toEqual(['medium', 'medium']);
  expect(severityOf(publish(''), 'dkr.healthcheck.missing')).toEqual(['info', 'info']);
  expect(severityOf((draft) => void (draft.HostConfig['Runtime'] = 'runsc'), 'dkr.user.root')).toEqual([
    'medium',
    'low',
  ]);
  expect(
    severityOf((draft) => void Object.assign(draft.HostConfig, { Runtime: 'kata', Privileged: true }), 'dkr.user.root'),
  ).toEqual(['medium', 'medium']);
  expect(severityOf((draft) => void (draft.HostConfig['Privileged'] = true), 'dkr.privileged')).toEqual([
    'critical',
    'critical',
  ]);
});
