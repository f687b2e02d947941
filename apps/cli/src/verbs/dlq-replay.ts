import { DOMAINS, STANDARD, type Domain } from '@seatrial/contracts';

import { withBus } from '../connect/with-bus.ts';
import { Defect } from '../errors.ts';
import { printData } from '../output/print.ts';
import type { VerbRun } from '../verb-table/spec.ts';
import { CommandRefused } from './command-refused.ts';
import { sequenceOf } from './dlq.ts';
import { settledLine } from './pub.ts';

/** `dlq replay SEQUENCE`: the service whose handler failed runs it again, under a new id. */
export const dlqReplay: VerbRun = (invocation, session) =>
  withBus(invocation, session, async (bus) => {
    const sequence = sequenceOf(invocation.args[0]);
    const { subject } = await bus.deadLetter(sequence);
    const domain = domainOf(subject);
    const { settled } = await bus.command(STANDARD[domain].replay, { sequence }, String(sequence));
    const end = await settled;
    if (end.outcome !== 'accepted' && end.outcome !== 'duplicate') throw new CommandRefused(end);
    if (!(await printData(end, invocation.flags, session))) session.out(settledLine(end));
    return 0;
  });

/** `seatrial.dlq.v1.<domain of the handler>.<name>`. */
function domainOf(subject: string): Domain {
  const domain = DOMAINS.find((known) => subject.split('.')[3] === known);
  if (domain === undefined) throw new Defect(new Error(`a dead letter on the subject ${subject} belongs to no domain`));
  return domain;
}
