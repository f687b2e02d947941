import { H } from '@seatrial/contracts';
import { formatAgo, type Column } from '@seatrial/report';

import type { DeadLetter } from '../connect/client.ts';

/** Columns of dead letters; ages count from `now`, epoch ms. */
export function deadLetterColumns(now: number): readonly Column<DeadLetter>[] {
  const header = (name: string) => (letter: DeadLetter) => letter.headers[name] ?? '';
  return [
    {
      key: 'sequence',
      header: 'SEQUENCE',
      cell: ({ sequence }) => String(sequence),
      sort: ({ sequence }) => sequence,
      align: 'right',
    },
    { key: 'when', header: 'WHEN', cell: ({ at }) => formatAgo(at, now), sort: ({ at }) => at },
    { key: 'handler', header: 'HANDLER', cell: header(H.deadHandler), shrinkTo: 12 },
    { key: 'tries', header: 'TRIES', cell: header(H.deadDeliveries), align: 'right' },
    { key: 'code', header: 'CODE', cell: header(H.deadCode), shrinkTo: 10 },
    { key: 'subject', header: 'SUBJECT', cell: header(H.deadSubject), wide: true },
    { key: 'id', header: 'ID', cell: header(H.id), wide: true },
    { key: 'error', header: 'ERROR', cell: header(H.deadError), shrinkTo: 14 },
  ];
}
