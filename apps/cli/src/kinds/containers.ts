import { labelOf, formatAgo, type Column } from '@seatrial/report';

import { valueOf } from './live.ts';
import { amount, attribute, coresText, memoryText, stateCell, type ResourceRow } from './resources.ts';

/** Metrics that the columns of containers show. */
export const CONTAINER_METRICS = ['container.cpu.usage', 'container.memory.usage'] as const;

/** Label of objects that the demo application owns. */
const DEMO_LABEL = 'io.seatrial.demo';

const cpu = ({ values }: ResourceRow): number | undefined => valueOf(values, 'container.cpu.usage');
const memory = ({ values }: ResourceRow): number | undefined => valueOf(values, 'container.memory.usage');

/** Columns of containers; ages count from `now`, epoch ms. */
export function containerColumns(now: number): readonly Column<ResourceRow>[] {
  return [
    { key: 'name', header: 'NAME', cell: ({ record }) => record.name, shrinkTo: 10, cut: 'middle' },
    { key: 'status', header: 'STATUS', cell: ({ record }) => stateCell(record.status) },
    { key: 'label', header: 'LABEL', cell: ({ record }) => ({ text: containerLabel({ record }), tone: 'warn' }) },
    {
      key: 'cpu',
      header: 'CPU CORES',
      cell: (row) => coresText(cpu(row), amount(row.record, 'cpuLimit')),
      sort: (row) => cpu(row) ?? -1,
      align: 'right',
    },
    {
      key: 'memory',
      header: 'MEMORY',
      cell: (row) => memoryText(memory(row), amount(row.record, 'memoryLimitBytes')),
      sort: (row) => memory(row) ?? -1,
      align: 'right',
    },
    {
      key: 'started',
      header: 'STARTED',
      cell: ({ record }) => startedText(record.attrs.startedAt, now),
      sort: ({ record }) => attribute(record, 'startedAt'),
    },
    { key: 'image', header: 'IMAGE', cell: ({ record }) => attribute(record, 'image'), wide: true },
    { key: 'health', header: 'HEALTH', cell: ({ record }) => attribute(record, 'health'), wide: true },
    {
      key: 'restarts',
      header: 'RESTARTS',
      cell: ({ record }) => attribute(record, 'restarts'),
      sort: ({ record }) => amount(record, 'restarts') ?? 0,
      align: 'right',
      wide: true,
    },
    { key: 'ports', header: 'PORTS', cell: ({ record }) => attribute(record, 'ports'), wide: true },
    { key: 'target', header: 'TARGET', cell: ({ record }) => record.tgt },
    { key: 'id', header: 'ID', cell: ({ record }) => record.native.slice(0, 12), wide: true },
  ];
}

/** Empty for a container that never ran: the engine says year 1. */
function startedText(startedAt: string | number | boolean | undefined, now: number): string {
  return typeof startedAt !== 'string' || startedAt.startsWith('0001') ? '' : formatAgo(startedAt, now);
}

/** `SIMULATED` or `DEMO`; the demo application is known by its label. */
export function containerLabel({ record }: Pick<ResourceRow, 'record'>): string {
  return labelOf({ ...(record.simulated === true && { simulated: true }), demo: record.labels[DEMO_LABEL] === 'true' });
}
