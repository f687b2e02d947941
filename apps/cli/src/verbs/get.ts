import { CONTRACTS } from '@seatrial/contracts';
import type { Paint } from '@seatrial/report';

import { rememberNames } from '../completion/names.ts';
import { withBus } from '../connect/with-bus.ts';
import { layoutOf } from '../layout.ts';
import { paintFor } from '../output/print.ts';
import { recordsText } from '../output/records.ts';
import { UsageFault } from '../parse/fault.ts';
import type { Flags } from '../parse/flags.ts';
import { kindOf, type KindName } from '../parse/kinds.ts';
import type { Session } from '../session.ts';
import { findingSource } from '../sources/findings.ts';
import { resourceSource } from '../sources/resources.ts';
import type { Source } from '../sources/source.ts';
import { targetSource } from '../sources/targets.ts';
import type { Invocation, VerbRun } from '../verb-table/spec.ts';
import { dataText, watch } from './watch.ts';

/** `get KIND [NAME]`: the objects as a table or as data; with -w it goes on. */
export const get: VerbRun = (invocation, session) => {
  const { args, flags } = invocation;
  const kind = kindOf(args[0] ?? '') ?? 'hosts';
  switch (kind) {
    case 'hosts':
    case 'containers':
      return show(kind, resourceSource(kind, args[1], flags), invocation, session);
    case 'targets':
      return show(kind, targetSource(args[1], flags), invocation, session);
    case 'findings':
      return show(kind, findingSource(args[1], flags), invocation, session);
  }
};

async function show<Row>(
  kind: KindName,
  source: Source<Row>,
  invocation: Invocation,
  session: Session,
): Promise<number> {
  const { args, flags } = invocation;
  const format = flags.text('output') ?? 'table';
  if (flags.on('watch') && (format === 'json' || format === 'yaml')) {
    throw new UsageFault(`-o ${format} cannot be watched`, 'Use -o ndjson: one object a change.');
  }
  const paint = paintFor(flags, session);
  return withBus(invocation, session, async (bus) => {
    if (flags.on('watch')) return watch(source, bus, flags, session, paint);
    const rows = await source.load(bus);
    if (args[1] === undefined) remember(kind, source, rows, session);
    session.out(await textOf(source, rows, args[1] !== undefined, flags, session, paint));
    if (rows.length === 0) session.err(`${source.kind(session.now()).empty}\n`);
    return 0;
  });
}

async function textOf<Row>(
  source: Source<Row>,
  rows: readonly Row[],
  single: boolean,
  flags: Flags,
  session: Session,
  paint: Paint,
): Promise<string> {
  const kind = source.kind(session.now());
  return (await dataText(rows, source, kind, flags, single)) ?? recordsText(rows, kind, flags, session, paint);
}

/** For the next completion: what stands behind the slash of `-o name`. */
function remember<Row>(kind: KindName, source: Source<Row>, rows: readonly Row[], session: Session): void {
  const { name } = source.kind(session.now());
  rememberNames(layoutOf(session.env), {
    [kind]: rows.map((row) => name(row).replace(/^[a-z]+\//, '')),
    contracts: CONTRACTS.map(({ type }) => type),
  });
}
