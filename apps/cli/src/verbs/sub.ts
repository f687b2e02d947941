import { toJsonText } from '@seatrial/report';

import { filterOf } from '../connect/contract-of.ts';
import { withBus } from '../connect/with-bus.ts';
import { messageRecord, messageText } from '../output/message-text.ts';
import { paintFor } from '../output/print.ts';
import type { VerbRun } from '../verb-table/spec.ts';

/** `sub WHAT`: prints messages as they come, until Ctrl-C or the wanted number. */
export const sub: VerbRun = async (invocation, session) => {
  const { args, flags } = invocation;
  const filter = filterOf(args[0] ?? '');
  const most = flags.number('count') ?? Number.POSITIVE_INFINITY;
  const paint = paintFor(flags, session);
  return withBus(invocation, session, async (bus) => {
    const messages = await bus.subscribe(filter);
    session.err(`listening on ${filter} as ${bus.user}${most === Number.POSITIVE_INFINITY ? '; Ctrl-C ends' : ''}\n`);
    let seen = 0;
    for await (const message of messages) {
      session.out(
        flags.text('output') === 'ndjson' ? `${toJsonText(messageRecord(message), 0)}\n` : messageText(message, paint),
      );
      seen += 1;
      if (seen >= most) return 0;
    }
    return session.signal.aborted ? 130 : 0;
  });
};
