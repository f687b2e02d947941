import type { FindingList, ReplyOf } from '@seatrial/contracts';
import { findingLabel, formatAgo, severityCell, type Column } from '@seatrial/report';

/** A finding with its state, as the auditor lists it. */
export type FindingRow = ReplyOf<typeof FindingList>['findings'][number];

const RANK = ['critical', 'high', 'medium', 'low', 'info'];

/** Columns of findings; ages count from `now`, epoch ms. */
export function findingColumns(now: number): readonly Column<FindingRow>[] {
  return [
    { key: 'severity', header: 'SEV', cell: severityCell, sort: ({ severity }) => RANK.indexOf(severity) },
    { key: 'check', header: 'CHECK', cell: ({ checkId }) => checkId },
    { key: 'target', header: 'TARGET', cell: ({ target }) => target.name, shrinkTo: 10, cut: 'middle' },
    { key: 'label', header: 'LABEL', cell: (finding) => ({ text: findingLabel(finding), tone: 'warn' }) },
    {
      key: 'status',
      header: 'STATUS',
      cell: ({ status, stale }) => (stale === true ? `${status} (stale)` : status),
      wide: true,
    },
    { key: 'id', header: 'ID', cell: ({ fingerprint }) => fingerprint.slice(0, 8) },
    {
      key: 'since',
      header: 'SINCE',
      cell: ({ firstSeen }) => formatAgo(firstSeen, now),
      sort: ({ firstSeen }) => firstSeen,
      wide: true,
    },
    { key: 'host', header: 'HOST', cell: ({ target }) => target.host, wide: true },
    { key: 'evidence', header: 'EVIDENCE', cell: ({ confidence }) => confidence, wide: true },
    { key: 'part-of', header: 'PART OF', cell: ({ subsumedBy }) => subsumedBy ?? '', wide: true },
    { key: 'finding', header: 'FINDING', cell: ({ title }) => title, shrinkTo: 10 },
    { key: 'message', header: 'MESSAGE', cell: ({ message }) => message, wide: true },
    { key: 'fix', header: 'FIX', cell: ({ remedy }) => remedy, wide: true },
  ];
}
