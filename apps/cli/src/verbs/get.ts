import { rememberNames } from '../completion/names.ts';
import { withBus } from '../connect/with-bus.ts';
import { layoutOf } from '../layout.ts';
import { paintFor } from '../output/print.ts';
import { recordsText } from '../output/records.ts';
import { UsageFault } from '../parse/fault.ts';
import { kindOf } from '../parse/kinds.ts';
import type { VerbRun } from '../verb-table/spec.ts';
import { sourceOf } from './get-kinds.ts';
import { dataText, watch } from './watch.ts';

/** `get KIND [NAME]`: the objects as a table or as data; with -w it goes on. */
export const get: VerbRun = async (invocation, session) => {
  const { args, flags } = invocation;
  const kind = kindOf(args[0] ?? '') ?? 'hosts';
  const source = sourceOf(kind, args[1], flags);
  const format = flags.text('output') ?? 'table';
  if (flags.on('watch') && (format === 'json' || format === 'yaml'))
    throw new UsageFault(`-o ${format} cannot be watched`, 'Use -o ndjson: one object a change.');
  const paint = paintFor(flags, session);
  return withBus(invocation, session, async (bus) => {
    if (flags.on('watch')) return watch(source, bus, flags, session, paint);
    const rows = await source.load(bus);
    const records = source.kind(session.now());
    if (args[1] === undefined)
      rememberNames(layoutOf(session.env), { [kind]: rows.map((row) => records.name(row).replace(/^[a-z]+\//, '')) });
    session.out(
      (await dataText(rows, source, records, flags, args[1] !== undefined)) ??
        (await recordsText(rows, records, flags, session, paint)),
    );
    if (rows.length === 0) session.err(`${records.empty}\n`);
    return 0;
  });
};
