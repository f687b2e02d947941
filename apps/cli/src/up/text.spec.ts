import type { Finding } from '@seatrial/contracts';
import { displayWidth, unpainted } from '@seatrial/report';
import { expect, test } from 'vitest';
import { nextLines, upToJson, type UpReport } from './report.ts';
import {
  auditLine,
  bannerLines,
  collectLine,
  foundLines,
  nextText,
  serviceLine,
  sourceLines,
  statusText,
} from './text.ts';

const finding = (checkId: string, severity: Finding['severity'], name: string): Finding => ({
  fingerprint: `${checkId}-${name}`,
  checkId,
  title: checkId,
  status: 'fail',
  severity,
  severityBase: severity,
  primary: true,
  target: { platform: 'docker', id: 'f'.repeat(64), name, identity: name, host: 'h', tenant: '', configHash: '' },
  message: 'the container sees and can signal every process of the host, which is more than it needs',
  remedy: 'run it with a private PID namespace',
  evidence: [],
  firstSeen: '2026-11-25T00:00:00Z',
  lastSeen: '2026-11-25T00:00:00Z',
  occurrence: 1,
  confidence: 'effective',
});

const report: UpReport = {
  mode: 'started',
  bus: 'nats://127.0.0.1:7421',
  sources: [
    {
      kind: 'docker',
      name: 'unix:///var/run/docker.sock',
      status: 'real',
      version: '20.10.24',
      simulated: false,
      objects: 4,
      detail: '4 containers, read-only',
    },
    { kind: 'host', name: 'sea', status: 'real', simulated: false, objects: 1, detail: '2 cores, 24 GiB, cgroup v1' },
  ],
  services: [{ name: 'bus', ok: true, ms: 300 }],
  collect: { counts: { container: 4, host: 1 }, targets: [], frame: 1, ms: 1100 },
  audit: { status: { fail: 4 }, severity: { high: 2, low: 2 }, targets: 4, ms: 900 },
  scan: {
    findings: [
      finding('dkr.rootfs.writable', 'low', 'shop-web'),
      finding('dkr.ns.pid.host', 'high', 'a-container-with-a-rather-long-name-that-somebody-chose'),
      finding('dkr.secret.env', 'high', 'shop-api'),
      finding('dkr.caps.net_raw', 'low', 'shop-\u001b[31mred'),
    ],
    targets: [],
    summary: { targets: 4, status: { fail: 4 }, severity: { high: 2, low: 2 }, groups: 1 },
  },
  next: [],
};

test('every line fits 80 columns and lets no control character through', () => {
  const { scan, collect, audit } = report;
  if (!scan || !collect || !audit) throw new Error('the report of this test is whole');
  const lines = [
    ...bannerLines(false, unpainted),
    ...sourceLines(report.sources, 80, unpainted).flatMap((line) => line.split('\n')),
    serviceLine({ name: 'isolation-auditor', ok: true, ms: 1234 }, 'answers', unpainted),
    collectLine(collect),
    auditLine(audit, scan),
    ...foundLines(scan, [], 80, unpainted),
    ...nextText(nextLines(report)),
    statusText({ containers: 60, cpu: 1.234, memory: 2e9, upMs: 61_000 }),
  ];
  for (const line of lines) {
    expect(displayWidth(line)).toBeLessThanOrEqual(80);
    expect(line).not.toContain('\u001b');
  }
});

test('without a service nothing was looked at, and that is what it says', () => {
  expect(foundLines(undefined, ['collector'], 80, unpainted)).toEqual([
    '',
    'Found',
    '  nothing was looked at: no answer from collector',
  ]);
});

test('the worst come first and the rest is counted', () => {
  const { scan } = report;
  if (!scan) throw new Error('the report of this test is whole');
  const lines = foundLines(scan, [], 80, unpainted);
  expect(lines[2]).toContain('dkr.ns.pid.host');
  expect(lines.at(-1)).toBe('  and 1 more');
});

test('nothing found says so, and does not hide what is unknown', () => {
  const scan = {
    findings: [{ ...finding('dkr.user.root', 'medium', 'x'), status: 'unknown' as const }],
    targets: [],
    summary: { targets: 1, status: {}, severity: {}, groups: 0 },
  };
  expect(foundLines(scan, [], 80, unpainted).join('\n')).toMatch(/nothing; 1 verdicts are unknown/);
});

test('the JSON names what is real, and has no section that was not made', () => {
  const { collect: _collect, ...partial } = report;
  const json = upToJson(partial);
  expect(json).toMatchObject({
    mode: 'started',
    sources: [{ kind: 'docker', simulated: false, version: '20.10.24' }, { kind: 'host' }],
    sections: { audit: {} },
  });
  expect(json.sections).not.toHaveProperty('collect');
  expect(json.findings).toHaveLength(4);
});

test('the next lines lead to the worst finding; an engine without containers leads to the demo', () => {
  expect(nextLines(report)[0]).toMatch(/^\.\/seatrial explain dkr\.ns\.pid\.host /);
  const empty = report.sources.map((source) => (source.kind === 'docker' ? { ...source, objects: 0 } : source));
  expect(nextLines({ ...report, sources: empty })).not.toContain('./seatrial up --demo');
  expect(nextLines({ sources: empty })).toContain('./seatrial up --demo');
});
