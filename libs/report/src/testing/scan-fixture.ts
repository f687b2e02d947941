import type { Finding, TargetVerdict } from '@seatrial/contracts';

import type { CatalogueCheck, ScanResult } from '../scan/result.ts';

/** A complete finding; the specs change what they are about. */
export function finding(changes: Partial<Finding> = {}): Finding {
  const base: Finding = {
    fingerprint: 'f'.repeat(32),
    checkId: 'dkr.ns.pid.host',
    title: 'Shares the PID namespace of the host',
    status: 'fail',
    severity: 'high',
    severityBase: 'high',
    primary: true,
    target: target('shop-worker'),
    message: 'It sees and can signal every process of the host.',
    remedy: 'Run it with a private PID namespace (no --pid host).',
    evidence: [{ ref: '/HostConfig/PidMode', hash: 'ab'.repeat(32), excerpt: 'host' }],
    firstSeen: '2026-11-25T09:00:00Z',
    lastSeen: '2026-11-25T10:00:00Z',
    occurrence: 1,
    confidence: 'effective',
  };
  return { ...base, ...changes };
}

/** Target of a finding, by name. */
export function target(name: string, changes: Partial<Finding['target']> = {}): Finding['target'] {
  return {
    platform: 'docker',
    id: `id-${name}`,
    name,
    identity: `local/${name}`,
    host: 'local',
    tenant: 'unassigned',
    configHash: 'c0',
    ...changes,
  };
}

/** The verdict of the target that a finding names. */
export function verdict(of: Finding['target'], k: number | null = 1): TargetVerdict {
  const { platform, id, name, identity } = of;
  return { platform, id, name, identity, status: 'running', k: { host: k }, grade: 'D', groupId: 'g' };
}

/** A result over findings: its targets are theirs, its summary counts them and `passes`. */
export function scan(findings: readonly Finding[], passes = 300): ScanResult {
  const targets = new Map(findings.map((one) => [one.target.id, verdict(one.target)]));
  const of = (status: Finding['status']): number => findings.filter((one) => one.status === status).length;
  const failed = findings.filter(({ status, primary }) => status === 'fail' && primary);
  const severity = Object.fromEntries(
    failed.map((one) => [one.severity, failed.filter((other) => other.severity === one.severity).length]),
  );
  return {
    findings,
    targets: [...targets.values()],
    summary: {
      targets: targets.size,
      status: { pass: passes, fail: of('fail'), unknown: of('unknown'), waived: of('waived'), 'not-applicable': 2 },
      severity,
      groups: targets.size,
    },
  };
}

/** Every status, severity and label at least once, one check on several targets, one finding that is part of another. */
export function mixedScan(): ScanResult {
  const demo = (name: string) => target(name, { demo: true });
  return scan([
    finding({ fingerprint: '01', checkId: 'dkr.limit.memory', severity: 'medium', target: target('web-1') }),
    finding({ fingerprint: '02', checkId: 'dkr.limit.memory', severity: 'medium', target: target('web-2') }),
    finding({ fingerprint: '03', checkId: 'dkr.privileged', severity: 'critical', target: target('build-1') }),
    finding({
      fingerprint: '04',
      checkId: 'dkr.caps.extra',
      primary: false,
      subsumedBy: 'dkr.privileged',
      target: target('build-1'),
    }),
    finding({ fingerprint: '05', target: demo('shop-worker') }),
    finding({ fingerprint: '06', checkId: 'dkr.rootfs.writable', severity: 'low', target: demo('shop-worker') }),
    finding({ fingerprint: '07', checkId: 'dkr.healthcheck.missing', severity: 'info', target: target('web-1') }),
    finding({ fingerprint: '08', checkId: 'dkr.ns.net.host', status: 'unknown', target: target('web-2') }),
    finding({
      fingerprint: '09',
      checkId: 'dkr.user.root',
      status: 'waived',
      severity: 'medium',
      target: target('web-2'),
    }),
    finding({
      fingerprint: '10',
      checkId: 'dkr.privileged',
      severity: 'critical',
      simulated: true,
      target: target('sim-1'),
    }),
    // Outside the catalogue: an auditor that is newer than this client.
    finding({ fingerprint: '11', checkId: 'dkr.new.check', severity: 'low', target: target('web-2') }),
  ]);
}

/** Catalogue of the checks above, except the one that only a newer auditor knows. */
export const catalogue: readonly CatalogueCheck[] = (
  [
    ['dkr.privileged', 'critical'],
    ['dkr.caps.extra', 'high'],
    ['dkr.ns.pid.host', 'high'],
    ['dkr.ns.net.host', 'high'],
    ['dkr.limit.memory', 'medium'],
    ['dkr.user.root', 'medium'],
    ['dkr.rootfs.writable', 'low'],
    ['dkr.healthcheck.missing', 'info'],
  ] as const
).map(([id, severity]) => ({
  id,
  severity,
  title: `Title of ${id}`,
  platform: 'docker',
  why: 'Why it matters.',
  passesWhen: 'it is private',
  remedy: 'Make it private.',
  howToTest: 'Start it again and scan.',
  maps: ['CIS-5.16', 'T1611'],
  subsumedBy: [],
}));
