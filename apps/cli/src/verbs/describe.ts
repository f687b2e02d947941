import { FindingGet, FindingList, ResourceGet, type ReplyOf, type TargetState } from '@seatrial/contracts';
import {
  findingLabel,
  formatAgo,
  formatCount,
  neutralise,
  renderSheet,
  renderTable,
  severityCell,
  type Cell,
  type Paint,
  type SheetSection,
} from '@seatrial/report';

import type { BusClient } from '../connect/client.ts';
import { withBus } from '../connect/with-bus.ts';
import { containerLabel } from '../kinds/containers.ts';
import { findingColumns, type FindingRow } from '../kinds/findings.ts';
import { liveValues, type LatestValue } from '../kinds/live.ts';
import { attributeText, stateCell } from '../kinds/resources.ts';
import { countsText, healthCell } from '../kinds/targets.ts';
import { unitText } from '../kinds/unit-text.ts';
import { printData, printLines, paintFor } from '../output/print.ts';
import { kindOf, type KindName } from '../parse/kinds.ts';
import { targetNamed } from '../sources/targets.ts';
import type { VerbRun } from '../verb-table/spec.ts';

/** Everything about one object: as data, and as a sheet for a person. */
interface Description {
  readonly data: unknown;
  readonly sections: (now: number, paint: Paint, width: number) => readonly SheetSection[];
}

/** `describe KIND NAME`. */
export const describe: VerbRun = (invocation, session) =>
  withBus(invocation, session, async (bus) => {
    const { args, flags } = invocation;
    const described = await DESCRIBERS[kindOf(args[0] ?? '') ?? 'hosts'](bus, args[1] ?? '');
    if (await printData(described.data, flags, session)) return 0;
    const paint = paintFor(flags, session);
    printLines(renderSheet(described.sections(session.now(), paint, session.width), session.width, paint), session);
    return 0;
  });

const DESCRIBERS: Readonly<Record<KindName, (bus: BusClient, name: string) => Promise<Description>>> = {
  hosts: (bus, name) => resource(bus, name, 'host'),
  containers: (bus, name) => resource(bus, name, 'container'),
  findings: finding,
  targets: target,
};

async function resource(bus: BusClient, name: string, kind: 'host' | 'container'): Promise<Description> {
  const reply = await bus.ask(ResourceGet, { id: name, kind });
  const { resource: record, owners, dependents } = reply;
  const values = (await liveValues(bus, [record.id])).get(record.id) ?? [];
  const findings =
    kind === 'container' ? (await bus.ask(FindingList, { targets: [record.native], limit: 500 })).findings : [];
  return {
    data: { ...reply, values, ...(kind === 'container' && { findings }) },
    sections: (now, paint, width) => [
      {
        title: `${kind} ${record.name}`,
        facts: [
          ['id', shortId(record.id)],
          ['state', stateCell(record.status)],
          ['label', labelFact(containerLabel({ record }))],
          ['on', owners.map((owner) => `${owner.kind} ${owner.name}`).join(' on ') || undefined],
          ['first seen', formatAgo(record.firstSeen, now)],
          ['related', dependents.length === 0 ? undefined : formatCount(dependents.length, 'object')],
        ],
      },
      ...section(
        'Attributes',
        Object.entries(record.attrs).map(([key, value]): [string, Cell] => [
          neutralise(key),
          attributeText(key, value, now),
        ]),
      ),
      ...section(
        'Labels',
        Object.entries(record.labels).map(([key, value]): [string, Cell] => [neutralise(key), value]),
      ),
      ...section('Now', values.map(valueFact)),
      ...(kind === 'host' ? [] : [findingsSection(findings, now, paint, width)]),
    ],
  };
}

function section(title: string, facts: readonly (readonly [string, Cell | undefined])[]): SheetSection[] {
  return facts.length === 0 ? [] : [{ title, facts: facts.toSorted(([a], [b]) => a.localeCompare(b, 'en')) }];
}

function valueFact({ metric, attrs, value, unit, stale }: LatestValue): [string, Cell] {
  const series = Object.keys(attrs).length === 0 ? metric : `${metric} ${Object.values(attrs).join(' ')}`;
  return [
    neutralise(series),
    stale ? { text: `${unitText(value, unit, metric)} (stale)`, tone: 'warn' } : unitText(value, unit, metric),
  ];
}

/** Container ids are told by their first 12 digits, as the engine does; the data formats have them whole. */
function shortId(id: string): string {
  return id.replace(/^([a-z0-9-]+\/[0-9a-f]{12})[0-9a-f]{52}$/, '$1');
}

function labelFact(label: string): Cell | undefined {
  return label === '' ? undefined : { text: label, tone: 'warn' };
}

function findingsSection(findings: readonly FindingRow[], now: number, paint: Paint, width: number): SheetSection {
  const columns = findingColumns(now).filter(({ key }) => ['severity', 'check', 'id', 'finding'].includes(key));
  return {
    title: `Findings: ${findings.length === 0 ? 'none' : findings.length}`,
    lines: renderTable(findings, columns, { width: width - 2, paint }),
  };
}

async function finding(bus: BusClient, name: string): Promise<Description> {
  const reply = await bus.ask(FindingGet, { fingerprint: name });
  const { finding: found, history } = reply;
  return {
    data: reply,
    sections: (now) => [
      {
        title: `${found.checkId}: ${found.title}`,
        facts: [
          ['finding', found.fingerprint],
          ['state', `${found.state}, ${found.status}${found.stale === true ? ' (stale: its evidence was lost)' : ''}`],
          ['severity', severityCell(found)],
          ['label', labelFact(findingLabel(found))],
          ['target', `${found.target.name} on ${found.target.host}`],
          ['what', found.message],
          ['fix', found.remedy],
          ['part of', found.subsumedBy],
          ['reaches host', found.k === undefined ? undefined : `with ${found.k} unknown vulnerabilities`],
          ['declared', found.declared],
          ['effective', found.effective],
          [
            'seen',
            `first ${formatAgo(found.firstSeen, now)}, last ${formatAgo(found.lastSeen, now)}, opened ${formatCount(found.occurrence, 'time')}`,
          ],
        ],
      },
      ...(found.evidence.length === 0
        ? []
        : [
            {
              title: 'Evidence',
              facts: found.evidence.map(({ ref, excerpt }): [string, string] => [neutralise(ref), excerpt]),
            },
          ]),
      ...(found.path === undefined
        ? []
        : [{ title: 'Path', lines: found.path.map((step, at) => `${at + 1}. ${neutralise(step)}`) }]),
      { title: 'History', facts: history.map(historyFact(now)) },
      { title: 'Next', lines: [`./seatrial explain ${found.checkId} ${neutralise(found.target.name)}`] },
    ],
  };
}

function historyFact(now: number) {
  return ({ at, state, severity, reason }: ReplyOf<typeof FindingGet>['history'][number]): [string, string] => [
    formatAgo(at, now),
    [state, severity, reason].filter(Boolean).join(', '),
  ];
}

async function target(bus: BusClient, name: string): Promise<Description> {
  const found = await targetNamed(bus, name);
  return { data: found, sections: (now) => [{ title: `target ${found.id}`, facts: targetFacts(found, now) }] };
}

function targetFacts(found: TargetState, now: number): [string, Cell | undefined][] {
  return [
    ['source', found.src],
    ['address', found.address],
    ['health', healthCell(found.health)],
    ['because', [found.code, found.message].filter(Boolean).join(': ') || undefined],
    ['fix', found.hint],
    ['version', found.version],
    ['objects', countsText(found.counts) || undefined],
    ['measures', found.capabilities.join(', ') || undefined],
    ['since', formatAgo(found.since, now)],
    ['last sample', formatAgo(found.lastSampleAt, now)],
    ['label', labelFact(found.simulated === true ? 'SIMULATED' : '')],
  ];
}
