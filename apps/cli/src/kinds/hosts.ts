import { labelOf, type Column } from '@seatrial/report';

import { valueOf } from './live.ts';
import { amount, attribute, coresText, memoryText, stateCell, type ResourceRow } from './resources.ts';

/** Metrics that the columns of hosts show. */
export const HOST_METRICS = ['system.cpu.utilization', 'system.memory.usage', 'system.pressure'] as const;

const cores = ({ record }: ResourceRow): number | undefined => amount(record, 'cpus');
const used = (row: ResourceRow): number | undefined => {
  const share = valueOf(row.values, 'system.cpu.utilization');
  return share === undefined ? undefined : share * (cores(row) ?? 1);
};
const memory = ({ values }: ResourceRow): number | undefined =>
  valueOf(values, 'system.memory.usage', { 'system.memory.state': 'used' });

/** Columns of hosts. */
export function hostColumns(): readonly Column<ResourceRow>[] {
  return [
    { key: 'name', header: 'NAME', cell: ({ record }) => record.name, shrinkTo: 10, cut: 'middle' },
    { key: 'status', header: 'STATUS', cell: ({ record }) => stateCell(record.status) },
    { key: 'label', header: 'LABEL', cell: ({ record }) => ({ text: labelOf(record), tone: 'warn' }) },
    {
      key: 'cpu',
      header: 'CPU CORES',
      cell: (row) => coresText(used(row), cores(row)),
      sort: (row) => used(row) ?? -1,
      align: 'right',
    },
    {
      key: 'memory',
      header: 'MEMORY',
      cell: (row) => memoryText(memory(row), amount(row.record, 'memoryBytes')),
      sort: (row) => memory(row) ?? -1,
      align: 'right',
    },
    {
      key: 'pressure',
      header: 'PRESSURE',
      cell: (row) => pressureText(row),
      sort: (row) => worstPressure(row)?.percent ?? -1,
    },
    { key: 'kernel', header: 'KERNEL', cell: ({ record }) => attribute(record, 'kernel'), shrinkTo: 6 },
    {
      key: 'cgroup',
      header: 'CGROUP',
      cell: ({ record }) => prefixed('v', attribute(record, 'cgroupVersion')),
      wide: true,
    },
    { key: 'arch', header: 'ARCH', cell: ({ record }) => attribute(record, 'architecture'), wide: true },
    { key: 'target', header: 'TARGET', cell: ({ record }) => record.tgt },
    { key: 'id', header: 'ID', cell: ({ record }) => record.id, wide: true },
  ];
}

/** The resource on which tasks wait most: share of the last 10 s in which some waited. Absent where the kernel does not count it. */
function worstPressure({ values }: ResourceRow): { readonly resource: string; readonly percent: number } | undefined {
  return ['cpu', 'memory', 'io']
    .flatMap((resource) => {
      const percent = valueOf(values, 'system.pressure', { resource, kind: 'some', window: '10s' });
      return percent === undefined ? [] : [{ resource, percent }];
    })
    .toSorted((a, b) => b.percent - a.percent)[0];
}

function pressureText(row: ResourceRow): string {
  const worst = worstPressure(row);
  return worst === undefined ? '' : `${worst.resource} ${worst.percent.toFixed(worst.percent < 10 ? 1 : 0)} %`;
}

function prefixed(prefix: string, text: string): string {
  return text === '' ? '' : prefix + text;
}
