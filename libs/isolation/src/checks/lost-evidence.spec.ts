import { describe, expect, test } from 'vitest';

import type { TargetAudit } from '../audit/audit.ts';
import type { MissingReason } from '../facts/fact.ts';
import type { ProcessEvidence } from '../facts/process-evidence.ts';
import { auditOf, idsWith, statusOf } from '../fixtures/audits.ts';
import { FLAGS } from '../fixtures/flags.ts';
import { defaultInspect, hardenedInspect, type InspectDraft } from '../fixtures/inspect.ts';

const SOURCES = [
  'effectiveUid',
  'groups',
  'capBnd',
  'noNewPrivs',
  'seccomp',
  'namespaces',
  'mountinfo',
  'uidMap',
  'oomScoreAdj',
  'memoryLimitBytes',
  'pidsLimit',
  'deviceRules',
] as const;
const REASONS: readonly MissingReason[] = ['denied', 'gone', 'source-down', 'unsupported'];

function without(source: (typeof SOURCES)[number], missing: MissingReason) {
  return (evidence: ProcessEvidence): ProcessEvidence => ({
    ...evidence,
    [source]:
      source === 'namespaces'
        ? Object.fromEntries(Object.keys(evidence.namespaces).map((kind) => [kind, { missing, detail: 'taken away' }]))
        : { missing, detail: 'taken away' },
  });
}

/** Verdicts that were bad or open and are good now. */
function improved(before: TargetAudit, after: TargetAudit): string[] {
  const good = (status: string | undefined) => status === 'pass' || status === 'not-applicable';
  return before.verdicts
    .filter(({ check, status }) => !good(status) && good(statusOf(after, check.id)))
    .map(({ check }) => check.id);
}

/** Configuration that says less than the kernel knows: what a process, a runtime or an operator may have changed. */
function worseInTheKernel(evidence: ProcessEvidence): ProcessEvidence {
  const ref = '/proc/4242/x';
  return {
    ...evidence,
    effectiveUid: { value: 0, ref },
    groups: { value: [0], ref },
    capBnd: { value: '000001ffffffffff', ref },
    noNewPrivs: { value: 0, ref },
    seccomp: { value: 0, ref },
    mountinfo: { value: [], ref },
    oomScoreAdj: { value: -1000, ref },
    memoryLimitBytes: { value: null, ref },
    pidsLimit: { value: null, ref },
    deviceRules: { value: ['a *:* rwm'], ref },
  };
}

describe.each(SOURCES)('without %s', (source) => {
  test.each(REASONS)('(%s) no verdict on a running container improves', (reason) => {
    for (const flag of FLAGS) {
      const draft = hardenedInspect();
      flag.apply(draft);
      const peers = flag.peer ? [flag.peer()] : [];
      const world = flag.info === undefined ? {} : { info: flag.info };
      const after = auditOf(draft, peers, { ...world, kernel: without(source, reason) });
      expect({ flag: flag.name, improved: improved(auditOf(draft, peers, world), after) }).toEqual({
        flag: flag.name,
        improved: [],
      });
    }
  });

  test.each(REASONS)('(%s) what the kernel knew to be bad is not believed from the configuration', (reason) => {
    const before = auditOf(hardenedInspect(), [], { kernel: worseInTheKernel });
    const after = auditOf(hardenedInspect(), [], {
      kernel: (evidence) => without(source, reason)(worseInTheKernel(evidence)),
    });
    expect(idsWith(before, 'fail').length).toBeGreaterThan(10);
    expect(improved(before, after)).toEqual([]);
  });
});

test('a running container whose /proc cannot be read passes nothing that the kernel should say', () => {
  const blind = (evidence: ProcessEvidence) =>
    SOURCES.reduce((rest, source) => without(source, 'denied')(rest), evidence);
  const audit = auditOf(hardenedInspect(), [], { kernel: blind });
  expect(idsWith(audit, 'fail')).toEqual([]);
  expect(idsWith(audit, 'unknown')).toEqual(
    expect.arrayContaining([
      'dkr.user.root',
      'dkr.nnp.missing',
      'dkr.caps.dangerous',
      'dkr.seccomp.disabled',
      'dkr.ns.pid.host',
      'dkr.ns.peer_shared',
      'dkr.limit.memory',
      'dkr.path.host_escape',
    ]),
  );
  expect(audit.k.host).toBeNull();
});

test('where nobody can read /proc, the configuration decides, but not about namespaces', () => {
  const audit = auditOf(hardenedInspect(), [], { kernel: () => undefined });
  expect(idsWith(audit, 'unknown').every((id) => id.startsWith('dkr.ns.'))).toBe(true);
  expect(statusOf(audit, 'dkr.ns.pid.host')).toBe('unknown');
  expect(audit.verdicts.find(({ check }) => check.id === 'dkr.user.root')).toMatchObject({
    status: 'pass',
    outcome: { confidence: 'declared' },
  });
});

test.each(['created', 'exited'])('a %s container is judged by its configuration', (status) => {
  const draft = hardenedInspect();
  draft.State = { Status: status, Running: false, Pid: 0 };
  expect(idsWith(auditOf(draft), 'unknown')).toEqual([]);
  draft.HostConfig['PidMode'] = 'host';
  expect(idsWith(auditOf(draft), 'fail')).toEqual(['dkr.ns.pid.host']);
});

test('a container whose state cannot be read is not taken for one without a process', () => {
  const draft = hardenedInspect();
  draft.State = {};
  expect(statusOf(auditOf(draft, [], { kernel: () => undefined }), 'dkr.ns.pid.host')).toBe('unknown');
});

describe('without a field of the configuration', () => {
  const fields = Object.keys(defaultInspect().HostConfig);

  test.each(fields)('HostConfig.%s no verdict improves', (field) => {
    for (const flag of FLAGS) {
      const draft = hardenedInspect();
      flag.apply(draft);
      const cut: InspectDraft = structuredClone(draft);
      delete cut.HostConfig[field];
      const peers = flag.peer ? [flag.peer()] : [];
      const world = { mode: 'declared', ...(flag.info === undefined ? {} : { info: flag.info }) } as const;
      expect({ flag: flag.name, improved: improved(auditOf(draft, peers, world), auditOf(cut, peers, world)) }).toEqual(
        { flag: flag.name, improved: [] },
      );
    }
  });
});
