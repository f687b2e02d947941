import { FindingChanged } from '@seatrial/contracts';
import { describe, expect, test } from 'vitest';

import type { TargetAudit } from '../audit/audit.ts';
import { auditOf } from '../fixtures/audits.ts';
import { bindMount, hardenedInspect, type InspectDraft } from '../fixtures/inspect.ts';
import { findingEventId } from './fingerprint.ts';
import { markStale, reconcileFindings, resolveGone, type FindingRecord } from './reconcile.ts';

const T = (minute: number) => `2026-11-25T00:0${minute}:00Z`;

function auditWith(change: (draft: InspectDraft) => void = () => undefined, world = {}): TargetAudit {
  const draft = hardenedInspect();
  change(draft);
  return auditOf(draft, [], world);
}

const onHostPid = (draft: InspectDraft) => void (draft.HostConfig['PidMode'] = 'host');

/** Plays audits one after the other. */
function play(audits: readonly TargetAudit[]): { records: readonly FindingRecord[]; changes: string[] } {
  let records: readonly FindingRecord[] = [];
  const changes: string[] = [];
  for (const [minute, audit] of audits.entries()) {
    const result = reconcileFindings(records, audit, T(minute));
    records = result.records;
    changes.push(
      ...result.changes.map(
        (change) => `${change.checkId} ${change.state} ${change.occurrence}${change.reason ? ` ${change.reason}` : ''}`,
      ),
    );
  }
  return { records, changes };
}

test('a finding opens, is resolved when it is fixed, and opens again with another occurrence', () => {
  const { changes, records } = play([auditWith(), auditWith(onHostPid), auditWith(), auditWith(onHostPid)]);
  expect(changes).toEqual(['dkr.ns.pid.host open 1', 'dkr.ns.pid.host resolved 1 fixed', 'dkr.ns.pid.host open 2']);
  expect(records).toMatchObject([{ firstSeen: T(1), lastSeen: T(3), occurrence: 2, state: 'open' }]);
  expect(new Set(['open/1', 'resolved/1', 'open/2']).size).toBe(3);
});

test('six hundred equal results change nothing and write nothing', () => {
  const first = reconcileFindings([], auditWith(onHostPid), T(0));
  let records = first.records;
  for (let i = 0; i < 600; i++) {
    const again = reconcileFindings(records, auditWith(onHostPid), T(1));
    expect(again.changes).toEqual([]);
    expect(again.store).toEqual([]);
    records = again.records;
  }
  expect(records[0]?.lastSeen).toBe(T(1));
});

test('every change fits its contract, and its id names fingerprint, state and occurrence', () => {
  const [change] = reconcileFindings([], auditWith(onHostPid), T(0), 3).changes;
  if (!change) throw new Error('nothing changed');
  expect(FindingChanged.schema.parse({ ...change, cause: { event: 'start' } })).toMatchObject({
    memberCount: 3,
    state: 'open',
  });
  expect(findingEventId(change)).toBe(`${change.fingerprint}/open/1`);
});

describe('loss of evidence', () => {
  const blind = { kernel: (evidence: object) => ({ ...evidence, effectiveUid: { missing: 'denied' } }) as never };
  const asRoot = (draft: InspectDraft) => void (draft.Config['User'] = '1000:1000');
  const rootInKernel = {
    kernel: (evidence: object) => ({ ...evidence, effectiveUid: { value: 0, ref: '/proc/1/status' } }) as never,
  };

  test('resolves nothing: the finding stays open and is stale, and comes back as the same', () => {
    const { changes, records } = play([auditWith(asRoot, rootInKernel), auditWith(asRoot, blind)]);
    expect(changes).toEqual(['dkr.user.root open 1']);
    expect(records.find((record) => record.checkId === 'dkr.user.root')).toMatchObject({
      state: 'open',
      stale: true,
      occurrence: 1,
    });

    const back = reconcileFindings(records, auditWith(asRoot, rootInKernel), T(2));
    expect(back.changes).toEqual([]);
    expect(back.store).toHaveLength(1);
    expect(back.records[0]?.stale).toBeUndefined();
  });

  test('when a source is down everything open is stale once', () => {
    const { records } = play([auditWith(onHostPid)]);
    const down = markStale(records);
    expect(down.store).toHaveLength(1);
    expect(down.changes).toEqual([]);
    expect(markStale(down.records).store).toEqual([]);
  });
});

test('a container that is gone takes its findings with it', () => {
  const { records } = play([auditWith(onHostPid)]);
  const gone = resolveGone(records, T(1));
  expect(gone.changes).toMatchObject([
    { state: 'resolved', previousState: 'open', reason: 'target-gone', occurrence: 1 },
  ]);
  expect(resolveGone(gone.records, T(2)).changes).toEqual([]);
});

test('a container that is created again keeps its history', () => {
  const again = hardenedInspect('hard', 'e'.repeat(64));
  again.State['Pid'] = 9999;
  again.Created = '2026-11-26T00:00:00Z';
  onHostPid(again);
  const { changes, records } = play([auditWith(onHostPid), auditOf(again)]);
  expect(changes).toEqual(['dkr.ns.pid.host open 1']);
  expect(records[0]?.target.id).toBe('e'.repeat(64));
});

test('other evidence is another finding', () => {
  const { changes } = play([
    auditWith((draft) => bindMount(draft, '/etc/ssl', '/a', { ro: true })),
    auditWith((draft) => bindMount(draft, '/etc/ssh', '/a', { ro: true })),
  ]);
  expect(changes).toEqual([
    'dkr.mount.host_sensitive open 1',
    'dkr.mount.host_sensitive open 1',
    'dkr.mount.host_sensitive resolved 1 fixed',
  ]);
});

test('a container that stops and starts keeps its findings', () => {
  const stopped = (draft: InspectDraft) => {
    onHostPid(draft);
    draft.State = { Status: 'exited', Running: false, Pid: 0 };
  };
  expect(play([auditWith(onHostPid), auditWith(stopped), auditWith(onHostPid)]).changes).toEqual([
    'dkr.ns.pid.host open 1',
  ]);
});
