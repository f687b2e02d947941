import { SeatrialError } from '@seatrial/contracts';
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { auditInspectFile } from '../audit/inspect-file.ts';
import { auditReport } from '../audit/report.ts';
import { Finding } from '@seatrial/contracts';
import { auditOf, statusOf } from '../fixtures/audits.ts';
import { bindMount, defaultInspect, hardenedInspect, type InspectDraft } from '../fixtures/inspect.ts';

const FIELDS = ['HostConfig', 'Config', 'State', 'Mounts', 'Id', 'Name', 'Created'] as const;
const PATHS = [
  ...FIELDS.map((field) => [field]),
  ...Object.keys(defaultInspect().HostConfig).map((key) => ['HostConfig', key]),
  ...['User', 'Env', 'Labels', 'Healthcheck', 'ExposedPorts', 'Image'].map((key) => ['Config', key]),
];

/** A default document in which some fields hold anything at all. */
const mangled = fc
  .array(fc.tuple(fc.constantFrom(...PATHS), fc.anything({ withBigInt: false, withNullPrototype: true })), {
    maxLength: 8,
  })
  .map((changes) => {
    const draft = defaultInspect() as unknown as Record<string, unknown>;
    for (const [path, value] of changes) {
      const [first = '', second] = path;
      const parent = draft[first];
      if (second === undefined) draft[first] = value;
      else if (typeof parent === 'object' && parent !== null) (parent as Record<string, unknown>)[second] = value;
    }
    return draft;
  });

/** What went wrong; undefined when nothing did. */
function judge(document: unknown): SeatrialError | undefined {
  try {
    const { audits } = auditInspectFile([document], { salt: 's' });
    for (const finding of auditReport(audits, '2026-11-25T00:00:00Z').findings) Finding.parse(finding);
    return undefined;
  } catch (error) {
    if (error instanceof SeatrialError) return error;
    throw error;
  }
}

function survives(document: unknown): boolean {
  const error = judge(document);
  return error === undefined || (error.code === 'E-ISO-FACTS' && error.message.includes('/'));
}

test('a mangled inspect document is judged or refused by name, never worse, and its findings fit the contract', () => {
  expect(() => fc.assert(fc.property(mangled, survives), { numRuns: 2000 })).not.toThrow();
});

test('anything at all in place of a document is refused by name', () => {
  expect(() => fc.assert(fc.property(fc.anything(), survives), { numRuns: 500 })).not.toThrow();
});

test('a malformed field is unknown and named; the others are judged', () => {
  const draft = hardenedInspect();
  draft.HostConfig['Privileged'] = 'yes';
  const audit = auditOf(draft, [], { mode: 'declared' });
  const verdict = audit.verdicts.find(({ check }) => check.id === 'dkr.privileged');
  expect(verdict).toMatchObject({
    status: 'unknown',
    outcome: { message: expect.stringContaining('/HostConfig/Privileged is not a boolean') },
  });
  expect(statusOf(audit, 'dkr.limit.memory')).toBe('pass');
});

test('ten thousand environment entries: a secret among the first is found, and without one nothing passes', () => {
  const draft = hardenedInspect();
  draft.Config.Env = Array.from({ length: 10_000 }, (_, i) => `VARIABLE_${i}=value`);
  expect(statusOf(auditOf(draft), 'dkr.secret.env')).toBe('unknown');
  draft.Config.Env[17] = 'API_TOKEN=x';
  expect(statusOf(auditOf(draft), 'dkr.secret.env')).toBe('fail');
});

test('a hostile environment does not hold the audit up', () => {
  const draft = hardenedInspect();
  const long = `${'a'.repeat(200)}://`.repeat(300);
  draft.Config.Env = [
    `A=${long}`,
    `B=${'eyJ'.repeat(20_000)}`,
    `C=${'-----BEGIN '.repeat(5000)}`,
    `D=${'AKIA'.repeat(10_000)}`,
    `E=http://${'a:'.repeat(20_000)}`,
  ];
  const before = process.cpuUsage();
  expect(statusOf(auditOf(draft), 'dkr.secret.env')).toMatch(/pass|fail/);
  // CPU, not wall time, and a hundred times what it takes: this is about hanging.
  expect(process.cpuUsage(before).user).toBeLessThan(2_000_000);
});

test('broken text, odd paths and circles of joined containers are judged', () => {
  const draft: InspectDraft = hardenedInspect('\ud800broken');
  bindMount(draft, '/srv/../..//etc/./ssl\ud800', '/x/../y');
  draft.HostConfig['PidMode'] = 'container:other';
  const other = hardenedInspect('other');
  other.HostConfig['PidMode'] = `container:${draft.Id}`;
  const audit = auditOf(draft, [other], { mode: 'declared' });
  expect(statusOf(audit, 'dkr.mount.host_sensitive')).toBe('fail');
  expect(statusOf(audit, 'dkr.ns.pid.host')).toBe('unknown');
  expect(audit.target.name.isWellFormed()).toBe(true);
});
