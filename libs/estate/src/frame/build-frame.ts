import type { Frame, ResourceRecord, TargetState } from '@seatrial/contracts';

import type { EstateGraph } from '../inventory/estate-graph.ts';
import { CONTAINER } from '../metrics/container.ts';
import { HOST } from '../metrics/host.ts';
import { isStale, type LastValue, type LastValues } from '../samples/last-values.ts';
import { fitChildren } from './fit.ts';

/** What a frame is made from. */
export interface FrameInput {
  /** Epoch ms; values are judged stale against it. */
  readonly nowMs: number;
  readonly seq: number;
  readonly graph: EstateGraph;
  readonly values: LastValues;
  readonly targets: readonly TargetState[];
  /** Share of due samples that arrived in the last minute, by target; absent = not known. */
  readonly coverage: ReadonlyMap<string, number>;
  /** Metrics that could not be read, by target. */
  readonly failed: ReadonlyMap<string, readonly string[]>;
}

const TOP = 10;

/** Frames of every scope that is always on: the estate, each source, each target. Values that are stale or missing are `null`, never zero. */
export function buildFrames(input: FrameInput): Frame[] {
  const scopes = new Map<string, readonly TargetState[]>([['estate', input.targets]]);
  for (const src of new Set(input.targets.map((target) => target.src)))
    scopes.set(
      `src-${src}`,
      input.targets.filter((target) => target.src === src),
    );
  for (const target of input.targets) scopes.set(`tgt-${target.id}`, [target]);
  const live = new LiveValues(input);
  return [...scopes].map(([scope, targets]) => fitChildren(buildFrame(input, live, scope, targets)));
}

/** True for a container that has processes: a paused one uses no CPU, but its memory. */
export function isAlive({ kind, status }: Pick<ResourceRecord, 'kind' | 'status'>): boolean {
  return kind === 'container' && (status === 'running' || status === 'paused');
}

function buildFrame(input: FrameInput, live: LiveValues, scope: string, targets: readonly TargetState[]): Frame {
  const ids = new Set(targets.map(({ id }) => id));
  const records = [...input.graph.records].filter(({ tgt }) => ids.has(tgt));
  const containers = records.filter(isAlive);
  const hosts = records.filter(({ kind }) => kind === 'host');
  const perContainer = containers.map((record) => ({
    record,
    cpu: live.gauge(record, CONTAINER.cpuUsage.name),
    memory: live.gauge(record, CONTAINER.memoryWorkingSet.name),
  }));
  return {
    v: 1,
    t: input.nowMs,
    scope,
    seq: input.seq,
    simulated: targets.some(({ simulated }) => simulated === true),
    counts: countsOf(records),
    ...(hosts.length > 0 ? hostTotals(live, hosts) : containerTotals(live, records, perContainer)),
    top: { cpu: largest(perContainer, 'cpu'), memory: largest(perContainer, 'memory') },
    children: childrenOf(records, live),
    sources: targets.map((target) => sourceOf(input, target)),
    failed: targets.flatMap(({ id }) => input.failed.get(id) ?? []).slice(0, 20),
    flags: [],
  };
}

/** Containers run inside the hosts, so with a host in the scope only hosts are summed: nothing counts twice. */
function hostTotals(
  live: LiveValues,
  hosts: readonly ResourceRecord[],
): Pick<Frame, 'cpu' | 'memory' | 'disk' | 'net' | 'pressure'> {
  const cpus = live.sum(hosts, HOST.cpuCount.name);
  const used = sumOf(
    hosts.map((host) => product(live.gauge(host, HOST.cpuUtilization.name), live.gauge(host, HOST.cpuCount.name))),
  );
  const diskUsed = live.sum(hosts, HOST.filesystemUsage.name, { 'system.filesystem.state': 'used' });
  const diskFree = live.sum(hosts, HOST.filesystemUsage.name, { 'system.filesystem.state': 'free' });
  const pressure = (resource: string): number | null =>
    maxOf(hosts.map((host) => live.gauge(host, HOST.pressure.name, { resource, kind: 'some', window: '10s' })));
  return {
    cpu: usage(used, cpus),
    memory: usage(
      live.sum(hosts, HOST.memoryUsage.name, { 'system.memory.state': 'used' }),
      live.sum(hosts, HOST.memoryLimit.name),
    ),
    disk: usage(diskUsed, diskUsed === null || diskFree === null ? null : diskUsed + diskFree),
    net: {
      rx: live.sum(hosts, HOST.networkThroughput.name, { 'network.io.direction': 'receive' }),
      tx: live.sum(hosts, HOST.networkThroughput.name, { 'network.io.direction': 'transmit' }),
    },
    pressure: { cpu: pressure('cpu'), memory: pressure('memory'), io: pressure('io') },
  };
}

interface ContainerUse {
  readonly record: ResourceRecord;
  readonly cpu: number | null;
  readonly memory: number | null;
}

function containerTotals(
  live: LiveValues,
  records: readonly ResourceRecord[],
  uses: readonly ContainerUse[],
): Pick<Frame, 'cpu' | 'memory' | 'disk' | 'net' | 'pressure'> {
  const containers = uses.map(({ record }) => record);
  const capacity = (attribute: string): number | null =>
    sumOf(
      records
        .filter(({ kind }) => kind === 'engine')
        .map(({ attrs }) => (typeof attrs[attribute] === 'number' ? attrs[attribute] : null)),
    );
  return {
    cpu: usage(sumOf(uses.map(({ cpu }) => cpu)), capacity('cpus')),
    memory: usage(sumOf(uses.map(({ memory }) => memory)), capacity('memoryBytes')),
    disk: usage(null, null),
    net: {
      rx: live.sum(containers, CONTAINER.networkThroughput.name, { 'network.io.direction': 'receive' }),
      tx: live.sum(containers, CONTAINER.networkThroughput.name, { 'network.io.direction': 'transmit' }),
    },
    pressure: { cpu: null, memory: null, io: null },
  };
}

function countsOf(records: readonly ResourceRecord[]): Frame['counts'] {
  const counts: Frame['counts'] = {};
  for (const { kind, status } of records) {
    const count = (counts[kind] ??= { total: 0, byStatus: {} });
    count.total++;
    count.byStatus[status] = (count.byStatus[status] ?? 0) + 1;
  }
  return counts;
}

function childrenOf(records: readonly ResourceRecord[], live: LiveValues): Frame['children'] {
  const rows = records
    .filter(({ kind }) => kind === 'host' || kind === 'container')
    .map((record) =>
      record.kind === 'host'
        ? {
            record,
            cpu: product(live.gauge(record, HOST.cpuUtilization.name), live.gauge(record, HOST.cpuCount.name)),
            memory: live.gauge(record, HOST.memoryUsage.name, { 'system.memory.state': 'used' }),
          }
        : {
            record,
            // The last values of one that has ended are not stale at once.
            cpu: isAlive(record) ? live.gauge(record, CONTAINER.cpuUsage.name) : null,
            memory: isAlive(record) ? live.gauge(record, CONTAINER.memoryWorkingSet.name) : null,
          },
    )
    .toSorted((a, b) => (b.memory ?? -1) - (a.memory ?? -1));
  return {
    id: rows.map(({ record }) => record.id),
    cpu: rows.map(({ cpu }) => cpu),
    memory: rows.map(({ memory }) => memory),
    state: rows.map(({ record }) => record.status),
    simulated: rows.map(({ record }) => record.simulated === true),
    more: 0,
  };
}

function sourceOf(input: FrameInput, target: TargetState): Frame['sources'][number] {
  return {
    tgt: target.id,
    src: target.src,
    health: target.health,
    lagMs: target.lastSampleAt === undefined ? null : Math.max(0, input.nowMs - Date.parse(target.lastSampleAt)),
    coverage: input.coverage.get(target.id) ?? null,
  };
}

function largest(uses: readonly ContainerUse[], by: 'cpu' | 'memory'): { id: string; value: number }[] {
  const known = uses.flatMap((use) => (use[by] === null ? [] : [{ id: use.record.id, value: use[by] }]));
  return known.toSorted((a, b) => b.value - a.value).slice(0, TOP);
}

/** Last values that still stand for now. */
class LiveValues {
  readonly #values: LastValues;
  readonly #nowMs: number;

  constructor(input: FrameInput) {
    this.#values = input.values;
    this.#nowMs = input.nowMs;
  }

  gauge(record: ResourceRecord, metric: string, attributes: Readonly<Record<string, string>> = {}): number | null {
    const last = this.#values.get(record.id, metric, attributes);
    return last === undefined || isStale(last, this.#nowMs) ? null : last.value;
  }

  /** Sum over the resources of every series of the metric with these attributes (and any others); null when none is known. */
  sum(
    records: readonly ResourceRecord[],
    metric: string,
    attributes: Readonly<Record<string, string>> = {},
  ): number | null {
    const wanted = Object.entries(attributes);
    const matches = (last: LastValue): boolean =>
      last.metric === metric &&
      !isStale(last, this.#nowMs) &&
      wanted.every(([name, value]) => last.attributes[name] === value);
    return sumOf(records.flatMap(({ id }) => [...this.#values.of(id)].filter(matches).map(({ value }) => value)));
  }
}

const usage = (used: number | null, capacity: number | null): Frame['cpu'] => ({
  used,
  capacity,
  util: used === null || capacity === null || capacity <= 0 ? null : used / capacity,
});
const product = (a: number | null, b: number | null): number | null => (a === null || b === null ? null : a * b);
const known = (values: readonly (number | null)[]): number[] => values.filter((value) => value !== null);
const sumOf = (values: readonly (number | null)[]): number | null =>
  known(values).length === 0 ? null : known(values).reduce((sum, value) => sum + value, 0);
const maxOf = (values: readonly (number | null)[]): number | null =>
  known(values).length === 0 ? null : Math.max(...known(values));
