import {
  FindingChanged,
  FindingGet,
  FindingList,
  Frames,
  ResourceChanged,
  ResourceGet,
  ResourcesList,
  TargetChanged,
  TargetsList,
  type CheckStatus,
  type ResourceRecord,
  type Severity,
  type TargetState,
} from '@seatrial/contracts';

import type { BusClient } from '../connect/client.ts';
import { NotFound } from '../errors.ts';
import { CONTAINER_METRICS, containerColumns } from '../kinds/containers.ts';
import { findingColumns, type FindingRow } from '../kinds/findings.ts';
import { HOST_METRICS, hostColumns } from '../kinds/hosts.ts';
import { liveValues } from '../kinds/live.ts';
import type { ResourceRow } from '../kinds/resources.ts';
import { targetColumns } from '../kinds/targets.ts';
import type { RecordKind } from '../output/records.ts';
import { UsageFault } from '../parse/fault.ts';
import type { Flags } from '../parse/flags.ts';
import type { KindName } from '../parse/kinds.ts';
import { didYouMean, nearest } from '../parse/nearest.ts';
import { allPages } from './pages.ts';

/** Where the rows of a kind come from, and what says that they changed. */
export interface Source<Row> {
  readonly load: (bus: BusClient) => Promise<readonly Row[]>;
  readonly kind: (now: number) => RecordKind<Row>;
  /** What scripts get of a row. */ readonly data: (row: Row) => unknown;
  /** Equal for two readings of one object in which nothing changed but measured values. */ readonly state: (
    row: Row,
  ) => string;
  /** Events after which the rows are read again. */ readonly events: readonly string[];
  /** Subject that ticks while live values flow. */ readonly ticks?: string;
}

const STATUSES = ['fail', 'unknown', 'waived'] as const;

/** The rows that a command line wants. @throws UsageFault for a filter that cannot be read */
export function sourceOf(kind: KindName, name: string | undefined, flags: Flags): Source<never> {
  const source =
    kind === 'hosts' || kind === 'containers'
      ? resources(kind, name, flags)
      : kind === 'targets'
        ? targets(name, flags)
        : findings(name, flags);
  return source as unknown as Source<never>;
}

function resources(kind: 'hosts' | 'containers', name: string | undefined, flags: Flags): Source<ResourceRow> {
  const singular = kind === 'hosts' ? 'host' : 'container';
  const metrics = kind === 'hosts' ? HOST_METRICS : CONTAINER_METRICS;
  const columns = kind === 'hosts' ? hostColumns : containerColumns;
  const labels = labelFilter(flags.text('label'));
  const wanted = flags.list('status').map((word) => word.toLowerCase());
  return {
    load: async (bus) => {
      const records =
        name === undefined
          ? await allPages(bus, ResourcesList, { kinds: [singular], limit: 500, ...labels }, (reply) => reply.resources)
          : [(await bus.ask(ResourceGet, { id: name, kind: singular })).resource];
      const kept =
        wanted.length === 0 ? records : records.filter(({ status }) => wanted.includes(status.toLowerCase()));
      const live = await liveValues(
        bus,
        kept.map(({ id }) => id),
        metrics,
      );
      return kept.map((record) => ({ record, values: live.get(record.id) ?? [] }));
    },
    kind: (now) => ({ columns: columns(now), name: ({ record }) => `${singular}/${record.name}`, empty: `no ${kind}` }),
    data: ({ record, values }) => ({ ...record, values: values.map(({ resource: _, ...value }) => value) }),
    state: ({ record: { lastSeen: _, ...stable } }: { record: ResourceRecord }) => JSON.stringify(stable),
    events: [ResourceChanged.filter],
    ticks: Frames.filter,
  };
}

function targets(name: string | undefined, flags: Flags): Source<TargetState> {
  const wanted = flags.list('status').map((word) => word.toLowerCase());
  return {
    load: async (bus) => {
      const all = (await bus.ask(TargetsList, {})).targets;
      const ids = all.map(({ id }) => id);
      if (name !== undefined && !ids.includes(name))
        throw new NotFound(
          `target "${name}"`,
          didYouMean(name, ids) ?? `The targets are: ${ids.join(', ')}.`,
          nearest(name, ids),
        );
      return all.filter(
        ({ id, health }) => (name === undefined || id === name) && (wanted.length === 0 || wanted.includes(health)),
      );
    },
    kind: (now) => ({ columns: targetColumns(now), name: ({ id }) => `target/${id}`, empty: 'no targets' }),
    data: (target) => target,
    state: ({ lastSampleAt: _, ...stable }) => JSON.stringify(stable),
    events: [TargetChanged.filter, ResourceChanged.filter],
  };
}

function findings(name: string | undefined, flags: Flags): Source<FindingRow> {
  const severity = flags.text('severity') as Severity | undefined;
  const check = flags.text('check');
  const target = flags.text('target');
  const filter = {
    states: [flags.on('resolved') ? ('resolved' as const) : ('open' as const)],
    statuses: statusFilter(flags.list('status')),
    limit: 500,
    ...(severity !== undefined && { atLeast: severity }),
    ...(check !== undefined && { checks: [check] }),
    ...(target !== undefined && { targets: [target] }),
  };
  return {
    load: async (bus) =>
      name === undefined
        ? allPages(bus, FindingList, filter, (reply) => reply.findings)
        : [(await bus.ask(FindingGet, { fingerprint: name })).finding],
    kind: (now) => ({
      columns: findingColumns(now),
      name: ({ fingerprint }) => `finding/${fingerprint}`,
      empty: 'no findings',
    }),
    data: (finding) => finding,
    state: ({ lastSeen: _, ...stable }) => JSON.stringify(stable),
    events: [FindingChanged.filter],
  };
}

function statusFilter(words: readonly string[]): CheckStatus[] {
  if (words.length === 0) return [...STATUSES];
  return words.map((word) => {
    const found = STATUSES.find((status) => status === word.toLowerCase());
    if (found === undefined)
      throw new UsageFault(`findings have no status "${word}"`, `The statuses are: ${STATUSES.join(', ')}.`);
    return found;
  });
}

function labelFilter(text: string | undefined): { labels?: Record<string, string> } {
  if (text === undefined) return {};
  const at = text.indexOf('=');
  return { labels: { [at === -1 ? text : text.slice(0, at)]: at === -1 ? '' : text.slice(at + 1) } };
}
