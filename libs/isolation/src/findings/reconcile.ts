import type { DataOf, Finding, FindingChanged, Findings, ValueOf } from '@seatrial/contracts';

import type { TargetAudit, Verdict } from '../audit/audit.ts';
import { fingerprintOfVerdict, findingOf } from './finding.ts';

/** A finding as it is kept: with its state. */
export type FindingRecord = ValueOf<typeof Findings>;
/** A change of state as it is published; the cause is added by whoever knows it. */
export type FindingChange = Omit<DataOf<typeof FindingChanged>, 'cause'>;

export interface Reconciled {
  /** Records to write: those that changed state, and those whose content changed (staleness, severity, evidence). */
  readonly store: readonly FindingRecord[];
  /** State changes, to be published. An equal result gives none. */
  readonly changes: readonly FindingChange[];
  /** Open failures and resolved findings of the target after this audit, `lastSeen` brought up to date. Verdicts that are unknown are not among them: they have no state. */
  readonly records: readonly FindingRecord[];
}

/**
 * Compares the findings of one target with a new audit of it. open -> resolved when the check now holds; back to open is occurrence + 1; where the evidence for a check was lost its open findings
 * stay open and are marked stale.
 * @param previous all records of this target's identity
 * @param at time of the audit, RFC 3339
 * @param memberCount targets in its group, itself included
 */
export function reconcileFindings(
  previous: readonly FindingRecord[],
  audit: TargetAudit,
  at: string,
  memberCount = 1,
): Reconciled {
  const before = new Map(previous.map((record) => [record.fingerprint, record]));
  const verdicts = new Map(audit.verdicts.map((verdict) => [verdict.check.id, verdict]));
  const after: FindingRecord[] = [];

  for (const verdict of audit.verdicts) {
    if (verdict.status !== 'fail') continue;
    const old = before.get(fingerprintOfVerdict(audit, verdict));
    after.push(opened(audit, verdict, old, at));
    if (old) before.delete(old.fingerprint);
  }
  for (const old of before.values()) after.push(withoutFailure(old, verdicts.get(old.checkId), at));

  const known = new Map(previous.map((record) => [record.fingerprint, record]));
  const store = after.filter((record) => differs(known.get(record.fingerprint), record));
  return {
    store,
    changes: store.flatMap((record) => changeOf(known.get(record.fingerprint), record, memberCount)),
    records: after,
  };
}

/** The target is gone for good: its open findings are resolved. */
export function resolveGone(previous: readonly FindingRecord[], at: string): Reconciled {
  const records = previous.map((record) => (record.state === 'open' ? resolved(record, 'target-gone', at) : record));
  const store = records.filter((record, i) => record !== previous[i]);
  return { store, changes: store.flatMap((record) => changeOf({ ...record, state: 'open' }, record, 1)), records };
}

/** The source of a target does not answer: nothing is resolved, everything open is stale. */
export function markStale(previous: readonly FindingRecord[]): Reconciled {
  const records = previous.map((record): FindingRecord =>
    record.state === 'open' && !record.stale ? { ...record, stale: true } : record,
  );
  return { store: records.filter((record, i) => record !== previous[i]), changes: [], records };
}

function opened(audit: TargetAudit, verdict: Verdict, old: FindingRecord | undefined, at: string): FindingRecord {
  const reopened = old !== undefined && old.state !== 'open';
  const finding: Finding = findingOf(audit, verdict, {
    firstSeen: old?.firstSeen ?? at,
    lastSeen: at,
    occurrence: (old?.occurrence ?? 1) + (reopened ? 1 : 0),
  });
  return { ...finding, state: 'open', groupId: audit.groupId };
}

/** What becomes of a finding whose failure was not seen again. */
function withoutFailure(old: FindingRecord, verdict: Verdict | undefined, at: string): FindingRecord {
  if (old.state !== 'open') return old;
  // The check was not carried out: nothing is known about it.
  if (!verdict) return old;
  const { outcome } = verdict;
  const lost = outcome.status === 'unknown' || (outcome.status === 'fail' && outcome.partial === true);
  if (lost) return { ...old, stale: true };
  return resolved(old, 'fixed', at);
}

function resolved(old: FindingRecord, reason: 'fixed' | 'target-gone', at: string): FindingRecord {
  const { stale: _stale, ...rest } = old;
  return { ...rest, state: 'resolved', reason, lastSeen: at };
}

/** Anything but the time it was last seen, and the hashes of evidence that names pids. */
function differs(old: FindingRecord | undefined, record: FindingRecord): boolean {
  return old === undefined || comparable(old) !== comparable(record);
}

function comparable({
  state,
  reason,
  stale,
  occurrence,
  severity,
  status,
  primary,
  subsumedBy,
  confidence,
  groupId,
  message,
  target,
}: FindingRecord): string {
  return JSON.stringify([
    state,
    reason,
    stale ?? false,
    occurrence,
    severity,
    status,
    primary,
    subsumedBy,
    confidence,
    groupId,
    message,
    target.id,
    target.name,
  ]);
}

function changeOf(
  old: FindingRecord | undefined,
  record: FindingRecord,
  memberCount: number,
): readonly FindingChange[] {
  if (old?.state === record.state && old.occurrence === record.occurrence) return [];
  if (old === undefined && record.state !== 'open') return [];
  const { reason, ...finding } = record;
  return [
    {
      ...finding,
      ...(old === undefined ? {} : { previousState: old.state }),
      ...(reason === 'fixed' || reason === 'target-gone' ? { reason } : {}),
      memberCount,
    },
  ];
}
