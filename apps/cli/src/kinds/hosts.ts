import { labelOf, formatAgo, type Column } from '@seatrial/report';

import { valueOf } from './live.ts';
import { amount, attribute, coresText, memoryText, stateCell, type ResourceRow } from './resources.ts';

/** Metrics that the columns of hosts show. */
export const HOST_METRICS = ['system.cpu.utilization', 'system.memory.usage', 'system.linux.pressure'] as const;

const cores = ({ record }: ResourceRow): number | undefined => amount(record, 'host.cpu.logical.count');
const used = (row: ResourceRow): number | undefined => {
  const share = valueOf(row.values, 'system.cpu.utilization');
  return share === undefined ? undefined : share * (cores(row) ?? 1);
};
const memory = ({ values }: ResourceRow): number | undefined =>
  valueOf(values, 'system.memory.usage', { 'system.memory.state': 'used' });

/** Columns of hosts; ages count from `now`, epoch ms. */
export function hostColumns(now: number): readonly Column<ResourceRow>[] {
  return [
    { key: 'name', header: 'NAME', cell: ({ record }) => record.name, shrinkTo: 12 },
    { key: 'status', header: 'STATUS', cell: ({ record }) => stateCell(record.status) },
    { key: 'label', header: 'LABEL', cell: ({ record }) => ({ text: labelOf(record), tone: 'warn' }) },
    {
      key: 'cpu',
      header: 'CPU',
      cell: (row) => coresText(used(row), cores(row)),
      sort: (row) => used(row) ?? -1,
      align: 'right',
    },
    {
      key: 'memory',
      header: 'MEMORY',
      cell: (row) => memoryText(memory(row), amount(row.record, 'host.memory.total')),
      sort: (row) => memory(row) ?? -1,
      align: 'right',
    },
    { key: 'os', header: 'OS', cell: ({ record }) => attribute(record, 'os.description'), shrinkTo: 10 },
    { key: 'kernel', header: 'KERNEL', cell: ({ record }) => attribute(record, 'os.version'), wide: true },
    { key: 'target', header: 'TARGET', cell: ({ record }) => record.tgt },
    {
      key: 'seen',
      header: 'SEEN',
      cell: ({ record }) => formatAgo(record.lastSeen, now),
      sort: ({ record }) => record.lastSeen,
      wide: true,
    },
    { key: 'id', header: 'ID', cell: ({ record }) => record.id, wide: true },
  ];
}
