import { EXIT } from '@seatrial/contracts';
import {
  formatAgo,
  formatDuration,
  renderSheet,
  severityWords,
  type Cell,
  type Paint,
  type SheetSection,
} from '@seatrial/report';

import { withBus } from '../connect/with-bus.ts';
import { countsText, healthCell } from '../kinds/targets.ts';
import { paintFor, printData, printLines } from '../output/print.ts';
import type { VerbRun } from '../verb-table/spec.ts';
import { planeState, type PlaneState, type ServiceState } from './plane-state.ts';

/** `status`: services, targets and findings. Exits with 6 when a service does not answer, so that scripts can wait for it. */
export const status: VerbRun = (invocation, session) =>
  withBus(invocation, session, async (bus) => {
    const state = await planeState(bus);
    if (!(await printData(state, invocation.flags, session))) {
      printLines(statusLines(state, session.now(), session.width, paintFor(invocation.flags, session)), session);
    }
    return state.services.every(({ ready }) => ready) ? EXIT.ok : EXIT.unreachable;
  });

/** The state of a plane for a person. */
export function statusLines(state: PlaneState, now: number, width: number, paint: Paint): string[] {
  const sections: SheetSection[] = [
    {
      title: 'Plane',
      facts: [
        ['bus', `✓ ${state.bus} as ${state.user}`],
        ...state.services.map((service): [string, Cell] => [service.service, serviceCell(service, now)]),
      ],
    },
    ...(state.targets === undefined
      ? []
      : [{ title: 'Targets', facts: state.targets.map((target): [string, Cell] => [target.id, targetCell(target)]) }]),
    ...(state.findings === undefined ? [] : [{ title: 'Findings', facts: findingFacts(state.findings, now) }]),
  ];
  return renderSheet(sections, width, paint);
}

function serviceCell({ ready, version, startedAt, ms, code, message }: ServiceState, now: number): Cell {
  if (ready)
    return {
      text: `✓ ok  ${version}  up ${formatAgo(startedAt, now).replace(/ ago$/, '')}  ${formatDuration(ms ?? 0)}`,
      tone: 'good',
    };
  if (version !== undefined) return { text: `! starting  ${version}`, tone: 'warn' };
  return { text: `✗ no answer  ${code}: ${message}`, tone: 'bad' };
}

function targetCell(target: NonNullable<PlaneState['targets']>[number]): Cell {
  const { text, tone } = healthCell(target.health);
  const says = [
    target.src,
    target.version,
    countsText(target.counts),
    target.simulated === true ? 'SIMULATED' : '',
    target.message,
  ]
    .filter(Boolean)
    .join('  ');
  return { text: `${text}  ${says}`, tone };
}

function findingFacts(
  { summary, asOf }: NonNullable<PlaneState['findings']>,
  now: number,
): [string, Cell | undefined][] {
  const unknown = summary.status.unknown ?? 0;
  return [
    ['open', severityWords(summary.severity)],
    ['unknown', unknown === 0 ? undefined : { text: `${unknown} verdicts: evidence is missing`, tone: 'warn' }],
    ['audited', `${summary.targets} containers, ${formatAgo(asOf, now)}`],
  ];
}
