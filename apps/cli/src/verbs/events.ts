import { CONTRACTS, type SomeContract } from '@seatrial/contracts';
import { toJsonText } from '@seatrial/report';

import { withBus } from '../connect/with-bus.ts';
import { eventLine, messageRecord } from '../output/message-text.ts';
import { paintFor } from '../output/print.ts';
import { UsageFault } from '../parse/fault.ts';
import { didYouMean } from '../parse/nearest.ts';
import type { VerbRun } from '../verb-table/spec.ts';

/** `events`: what the streams keep of the wanted time, in order; with -w also what comes. */
export const events: VerbRun = async (invocation, session) => {
  const { flags } = invocation;
  const filters = filtersOf(flags.list('kind'));
  const paint = paintFor(flags, session);
  return withBus(invocation, session, async (bus) => {
    const query = { filters, since: session.now() - flags.required('since'), follow: flags.on('watch') };
    for await (const message of await bus.events(query)) {
      session.out(
        `${flags.text('output') === 'ndjson' ? toJsonText(messageRecord(message), 0) : eventLine(message, session.width, paint)}\n`,
      );
    }
    return session.signal.aborted ? 130 : 0;
  });
};

/** Subjects of the kinds a person names: `finding`, `isolation.finding`, or a whole domain. @throws UsageFault */
export function filtersOf(kinds: readonly string[]): string[] {
  const all = CONTRACTS.filter(({ kind }) => kind === 'evt');
  if (kinds.length === 0) return ['seatrial.evt.>'];
  return [...new Set(kinds.flatMap((kind) => filtersOfKind(kind, all)))];
}

function filtersOfKind(kind: string, all: readonly SomeContract[]): string[] {
  const found = all.filter(({ name, type, domain }) => [name, type, domain].includes(kind));
  if (found.length > 0) return found.map(({ filter }) => filter);
  const names = all.flatMap(({ name, domain }) => [name, domain]);
  throw new UsageFault(
    `there is no kind of event "${kind}"`,
    didYouMean(kind, names) ?? `The kinds are: ${[...new Set(names)].join(', ')}.`,
  );
}
