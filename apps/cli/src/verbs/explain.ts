import { Explain, type ReplyOf } from '@seatrial/contracts';
import { checkById, checkRow, checkRows } from '@seatrial/isolation';
import {
  renderSheet,
  renderTable,
  severityWord,
  type CatalogueCheck,
  type Paint,
  type SheetSection,
} from '@seatrial/report';

import { rememberNames } from '../completion/names.ts';
import { withBus } from '../connect/with-bus.ts';
import { layoutOf } from '../layout.ts';
import { paintFor, printData, printLines } from '../output/print.ts';
import type { Session } from '../session.ts';
import type { Invocation, VerbRun } from '../verb-table/spec.ts';

type Explanation = ReplyOf<typeof Explain>;

/** `explain [CHECK] [TARGET]`: why, evidence, fix, and how to test the fix. The catalogue is part of this program; only a verdict needs the bus. */
export const explain: VerbRun = async (invocation, session) => {
  const { args, flags } = invocation;
  const [checkId, target] = args;
  const rows = checkRows();
  rememberNames(layoutOf(session.env), { checks: rows.map(({ id }) => id) });
  if (checkId === undefined) {
    if (!(await printData(rows, flags, session)))
      printLines(catalogueTable(rows, session.width, paintFor(flags, session)), session);
    return 0;
  }
  const check = checkRow(checkById(checkId.toLowerCase()));
  if (target === undefined) return print(check, undefined, invocation, session);
  return withBus(invocation, session, async (bus) =>
    print(check, await bus.ask(Explain, { checkId: check.id, target }), invocation, session),
  );
};

async function print(
  check: CatalogueCheck,
  explanation: Explanation | undefined,
  { flags }: Invocation,
  session: Session,
): Promise<number> {
  if (await printData(explanation === undefined ? check : { check, ...explanation }, flags, session)) return 0;
  printLines(renderSheet(sectionsOf(check, explanation), session.width, paintFor(flags, session)), session);
  return 0;
}

function catalogueTable(rows: readonly CatalogueCheck[], width: number, paint: Paint): string[] {
  return renderTable(
    rows,
    [
      { key: 'severity', header: 'SEV', cell: ({ severity }) => severityWord(severity) },
      { key: 'check', header: 'CHECK', cell: ({ id }) => id },
      { key: 'title', header: 'WHAT', cell: ({ title }) => title, shrinkTo: 20 },
    ],
    { width, paint },
  );
}

function sectionsOf(check: CatalogueCheck, explanation: Explanation | undefined): SheetSection[] {
  return [
    {
      title: `${check.id}: ${check.title}`,
      facts: [
        ['severity', severityWord(check.severity)],
        ['why', check.why],
        ['passes when', check.passesWhen],
        ['fix', explanation?.remedy ?? check.remedy],
        ['test the fix', check.howToTest],
        ['maps to', check.maps.join(', ') || undefined],
        ['part of', check.subsumedBy.length === 0 ? undefined : `${check.subsumedBy.join(', ')}, where that fails too`],
      ],
    },
    ...(explanation === undefined ? [] : [verdictSection(explanation)]),
  ];
}

function verdictSection(explanation: Explanation): SheetSection {
  const { target, status, severity, severityBase, confidence, message, declared, effective, evidence, subsumedBy } =
    explanation;
  return {
    title: `In ${target.name}${target.demo === true ? ' (DEMO)' : ''}`,
    facts: [
      ['verdict', { text: status, tone: status === 'pass' ? 'good' : status === 'fail' ? 'bad' : 'warn' }],
      ['because', message],
      ['severity', severity === severityBase ? undefined : `${severity} here, ${severityBase} in the catalogue`],
      ['part of', subsumedBy],
      ['evidence from', confidence === 'effective' ? 'the kernel' : 'the configuration only'],
      ['declared', declared],
      ['effective', effective],
      ...evidence.map(({ ref, excerpt }, at): [string, string] => [at === 0 ? 'evidence' : '', `${ref} = ${excerpt}`]),
    ],
  };
}
