import { labelOf, formatAgo, type Column } from '@seatrial/report';

import { valueOf } from './live.ts';
import { amount, attribute, coresText, memoryText, relatedTo, stateCell, type ResourceRow } from './resources.ts';

/** Metrics that the columns of containers show. */
export const CONTAINER_METRICS = ['container.cpu.usage', 'container.memory.usage'] as const;

const DEMO_LABEL = 'io.seatrial.demo';

const cpu = ({ values }: ResourceRow): number | undefined => valueOf(values, 'container.cpu.usage');
const memory = ({ values }: ResourceRow): number | undefined => valueOf(values, 'container.memory.usage');

/** Columns of containers; ages count from `now`, epoch ms. */
export function containerColumns(now: number): readonly Column<ResourceRow>[] {
  return [
    { key: 'name', header: 'NAME', cell: ({ record }) => record.name, shrinkTo: 14 },
    { key: 'status', header: 'STATUS', cell: ({ record }) => stateCell(record.status) },
    { key: 'label', header: 'LABEL', cell: ({ record }) => ({ text: containerLabel({ record }), tone: 'warn' }) },
    {
      key: 'cpu',
      header: 'CPU',
      cell: (row) => coresText(cpu(row), undefined),
      sort: (row) => cpu(row) ?? -1,
      align: 'right',
    },
    {
      key: 'memory',
      header: 'MEMORY',
      cell: (row) => memoryText(memory(row), amount(row.record, 'memory.limit')),
      sort: (row) => memory(row) ?? -1,
      align: 'right',
    },
    { key: 'image', header: 'IMAGE', cell: ({ record }) => attribute(record, 'container.image.name'), shrinkTo: 12 },
    { key: 'target', header: 'TARGET', cell: ({ record }) => record.tgt },
    { key: 'host', header: 'HOST', cell: ({ record }) => relatedTo(record, 'runs-on'), wide: true },
    {
      key: 'seen',
      header: 'SEEN',
      cell: ({ record }) => formatAgo(record.lastSeen, now),
      sort: ({ record }) => record.lastSeen,
      wide: true,
    },
    { key: 'id', header: 'ID', cell: ({ record }) => record.native.slice(0, 12), wide: true },
  ];
}

/** `SIMULATED` or `DEMO`; the demo application is known by its label. */
export function containerLabel({ record }: Pick<ResourceRow, 'record'>): string {
  return labelOf({ ...(record.simulated === true && { simulated: true }), demo: record.labels[DEMO_LABEL] === 'true' });
}
