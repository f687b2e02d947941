import { FindingChanged, FindingGet, FindingList, type CheckStatus, type Severity } from '@seatrial/contracts';

import { findingColumns, type FindingRow } from '../kinds/findings.ts';
import { UsageFault } from '../parse/fault.ts';
import type { Flags } from '../parse/flags.ts';
import { allPages } from './pages.ts';
import { textWithout, type Source } from './source.ts';

const STATUSES = ['fail', 'unknown', 'waived'] as const;

/** Findings, worst first; those that the flags ask for, or the one of this fingerprint. @throws UsageFault for a status that findings do not have */
export function findingSource(name: string | undefined, flags: Flags): Source<FindingRow> {
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
    load: async (bus) => {
      if (name !== undefined) return [(await bus.ask(FindingGet, { fingerprint: name })).finding];
      return allPages(bus, FindingList, filter, (reply) => reply.findings);
    },
    kind: (now) => ({
      columns: findingColumns(now),
      name: ({ fingerprint }) => `finding/${fingerprint}`,
      empty: 'no findings',
    }),
    data: (finding) => finding,
    state: (finding) => textWithout(finding, 'lastSeen'),
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
