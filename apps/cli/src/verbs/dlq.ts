import { H } from '@seatrial/contracts';
import { formatAgo, neutralise, renderSheet, toJsonText } from '@seatrial/report';

import type { DeadLetter } from '../connect/client.ts';
import { withBus } from '../connect/with-bus.ts';
import { deadLetterColumns } from '../kinds/dead-letters.ts';
import { messageRecord } from '../output/message-text.ts';
import { paintFor, printData, printLines } from '../output/print.ts';
import { recordsText } from '../output/records.ts';
import { UsageFault } from '../parse/fault.ts';
import type { VerbRun } from '../verb-table/spec.ts';

/** `dlq list`: newest first. */
export const dlqList: VerbRun = (invocation, session) =>
  withBus(invocation, session, async (bus) => {
    const { flags } = invocation;
    const letters = (await bus.deadLetters()).toReversed();
    const kind = {
      columns: deadLetterColumns(session.now()),
      name: ({ sequence }: DeadLetter) => `dead-letter/${sequence}`,
      empty: 'no dead letters',
    };
    const data = ['json', 'ndjson'].includes(flags.text('output') ?? '');
    session.out(
      data
        ? await recordsText(letters.map(messageRecord), { ...kind, columns: [], name: String }, flags, session, String)
        : await recordsText(letters, kind, flags, session, paintFor(flags, session)),
    );
    if (letters.length === 0) session.err('no dead letters\n');
    return 0;
  });

/** `dlq show SEQUENCE`. */
export const dlqShow: VerbRun = (invocation, session) =>
  withBus(invocation, session, async (bus) => {
    const { args, flags } = invocation;
    const letter = await bus.deadLetter(sequenceOf(args[0]));
    if (await printData(messageRecord(letter), flags, session)) return 0;
    printLines(sheetOf(letter, session.now(), session.width, paintFor(flags, session)), session);
    return 0;
  });

function sheetOf(letter: DeadLetter, now: number, width: number, paint: ReturnType<typeof paintFor>): string[] {
  const { headers, data, at, sequence } = letter;
  const known = [H.deadCode, H.deadError, H.deadHandler, H.deadDeliveries, H.deadSubject] as string[];
  return renderSheet(
    [
      {
        title: `Dead letter ${sequence}`,
        facts: [
          ['when', formatAgo(at, now)],
          ['error', `${headers[H.deadCode] ?? ''} ${headers[H.deadError] ?? ''}`.trim()],
          ['handler', headers[H.deadHandler]],
          ['tries', headers[H.deadDeliveries]],
          ['subject', headers[H.deadSubject]],
        ],
      },
      { title: 'Headers', facts: Object.entries(headers).filter(([name]) => !known.includes(name)) },
      { title: 'Payload', lines: typeof data === 'string' ? [neutralise(data)] : toJsonText(data).split('\n') },
      { title: 'Next', lines: [`./seatrial dlq replay ${sequence}    gives it to its handler again`] },
    ],
    width,
    paint,
  );
}

/** A stream sequence from the command line. @throws UsageFault */
export function sequenceOf(text = ''): number {
  if (!/^[1-9]\d{0,15}$/.test(text))
    throw new UsageFault(`"${text}" is not a sequence number`, '`seatrial dlq list` shows them.');
  return Number(text);
}
