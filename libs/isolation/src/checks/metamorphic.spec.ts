import { describe, expect, test } from 'vitest';

import { auditOf, failing, primaries, type World } from '../fixtures/audits.ts';
import { FLAGS, HARDENING, type Flag } from '../fixtures/flags.ts';
import { defaultInspect, hardenedInspect, type InspectDraft } from '../fixtures/inspect.ts';

const ESCAPE = 'dkr.path.host_escape';

function applied(base: InspectDraft, flag: Flag): InspectDraft {
  const draft = structuredClone(base);
  flag.base?.(draft);
  flag.apply(draft);
  return draft;
}

function world(flag: Flag, mode: 'declared' | 'effective'): World {
  return { mode, ...(flag.info === undefined ? {} : { info: flag.info }) };
}

function auditFlag(base: InspectDraft, flag: Flag, mode: 'declared' | 'effective') {
  return auditOf(applied(base, flag), flag.peer ? [flag.peer()] : [], world(flag, mode));
}

describe.each(['declared', 'effective'] as const)('judged by %s evidence', (mode) => {
  const flags = FLAGS.filter((flag) => mode === 'effective' || !flag.kernelOnly);

  test('nothing is found in the hardened container', () => {
    const audit = auditOf(hardenedInspect(), [], { mode });
    expect(
      audit.verdicts.filter((verdict) => verdict.status !== 'pass' && verdict.status !== 'not-applicable'),
    ).toEqual([]);
    expect(audit.k.host).toBe(1);
    expect(audit.grade).toBe('A');
  });

  test.each(flags)('$name brings exactly its own ids, and removing it removes exactly these', (flag) => {
    const base = hardenedInspect();
    flag.base?.(base);
    const peers = flag.peer ? [flag.peer()] : [];
    // The same world without the flag finds nothing: so the reverse direction holds too.
    expect(failing(auditOf(base, peers, world(flag, mode)))).toEqual([]);

    const audit = auditFlag(base, flag, mode);
    const escape = flag.escape === 'always' ? [ESCAPE] : [];
    expect(failing(audit).sort()).toEqual([...flag.finds, ...(flag.subsumed ?? []), ...escape].sort());
    expect(primaries(audit).sort()).toEqual([...flag.finds, ...escape].sort());
    expect(audit.k.host).toBe(flag.escape === 'always' ? 0 : 1);
  });

  test.each(flags.filter((flag) => flag.escape !== undefined))('$name as root opens a way to the host', (flag) => {
    const root = hardenedInspect();
    root.Config['User'] = '0';
    const audit = auditFlag(root, flag, mode);
    expect(failing(audit)).toContain(ESCAPE);
    expect(audit.k.host).toBe(0);
    expect(audit.grade).toBe('F');
  });

  test.each(flags)('$name is found whatever the container and its image are called', (flag) => {
    const renamed = hardenedInspect('another-name', 'f'.repeat(64));
    renamed.Config['Image'] = 'other/image@sha256:0';
    expect(failing(auditFlag(renamed, flag, mode))).toEqual(failing(auditFlag(hardenedInspect(), flag, mode)));
  });

  test.each(HARDENING)('$name never adds a finding and never brings the host nearer', ({ apply }) => {
    for (const flag of flags) {
      const before = auditFlag(defaultInspect(), flag, mode);
      const draft = applied(defaultInspect(), flag);
      apply(draft);
      const after = auditOf(draft, flag.peer ? [flag.peer()] : [], world(flag, mode));
      // The groups of root say nothing; those of another user do. That is what the user was hiding, not what the flag adds.
      const hidden = flag.finds.includes('dkr.group.sensitive') ? ['dkr.group.sensitive'] : [];
      const added = failing(after).filter((id) => !failing(before).includes(id) && !hidden.includes(id));
      expect({ flag: flag.name, added }).toEqual({ flag: flag.name, added: [] });
      expect(after.k.host ?? 0).toBeGreaterThanOrEqual(before.k.host ?? 0);
    }
  });
});

test('the order of flags never matters', () => {
  // Flags that do not write the same field.
  const combined = FLAGS.filter((flag) =>
    /sock:ro|pid host|sysctl|8080|restart always|GroupAdd|-e DB|--device \/dev\/sda|NET_ADMIN/.test(flag.name),
  );
  const inOrder = hardenedInspect();
  for (const flag of combined) flag.apply(inOrder);
  const reversed = hardenedInspect();
  for (const flag of combined.toReversed()) flag.apply(reversed);
  reversed.HostConfig.CapDrop?.reverse();
  const [a, b] = [auditOf(inOrder), auditOf(reversed)];
  expect(combined.length).toBeGreaterThan(5);
  expect(a.verdicts.map((verdict) => verdict.status)).toEqual(b.verdicts.map((verdict) => verdict.status));
  expect(a.target.configHash).toBe(b.target.configHash);
  expect(a.groupId).toBe(b.groupId);
});

test('the plain default container has its eight findings and no other', () => {
  const floor = [
    'dkr.user.root',
    'dkr.nnp.missing',
    'dkr.caps.net_raw',
    'dkr.limit.memory',
    'dkr.limit.cpu',
    'dkr.limit.pids',
    'dkr.rootfs.writable',
    'dkr.healthcheck.missing',
  ];
  for (const mode of ['declared', 'effective'] as const) {
    const audit = auditOf(defaultInspect(), [], { mode });
    expect(failing(audit).sort()).toEqual(floor.toSorted());
    expect(audit.verdicts.filter((verdict) => verdict.status === 'unknown')).toEqual([]);
  }
});
