import type { TargetAudit, Verdict } from '@seatrial/isolation';

/** True when both audits come to the same findings: then there is nothing to commit. */
export function sameVerdicts(a: TargetAudit, b: TargetAudit): boolean {
  return (
    a.target.id === b.target.id &&
    a.target.name === b.target.name &&
    a.groupId === b.groupId &&
    a.verdicts.length === b.verdicts.length &&
    a.verdicts.every((verdict, i) => sameVerdict(verdict, b.verdicts[i]))
  );
}

function sameVerdict(a: Verdict, b: Verdict | undefined): boolean {
  return (
    a.status === b?.status &&
    a.severity === b.severity &&
    a.primary === b.primary &&
    a.subsumedBy === b.subsumedBy &&
    a.outcome.message === b.outcome.message &&
    a.outcome.confidence === b.outcome.confidence &&
    detail(a) === detail(b)
  );
}

/** What the fingerprint is made of, and whether all evidence was there. */
function detail({ outcome }: Verdict): string {
  if (outcome.status !== 'fail') return '';
  return `${outcome.partial === true} ${[...(outcome.normal ?? [])].toSorted().join('\n')}`;
}
