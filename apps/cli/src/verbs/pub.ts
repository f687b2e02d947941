import type { CommandContract, CommandSettled } from '@seatrial/contracts';

import { checkedPayload, contractOf, readPayload } from '../connect/contract-of.ts';
import { withBus } from '../connect/with-bus.ts';
import { UsageFault } from '../parse/fault.ts';
import { printData } from '../output/print.ts';
import type { VerbRun } from '../verb-table/spec.ts';
import { CommandRefused } from './command-refused.ts';

/** `pub WHAT JSON`: checks the payload against its contract, then sends it; a command is followed until it is settled. */
export const pub: VerbRun = async (invocation, session) => {
  const { args, flags } = invocation;
  const [what = '', text = ''] = args;
  const contract = contractOf(what);
  if (contract.kind === 'rpc')
    throw new UsageFault(`${contract.type} is a query`, `Ask it with \`seatrial req ${contract.type}\`.`);
  const data = checkedPayload(contract, await readPayload(contract, text, session.readInput));
  return withBus(invocation, session, async (bus) => {
    if (contract.kind !== 'cmd') {
      const id = await bus.publish(contract, data);
      if (!(await printData({ id, subject: contract.subjectOf(data) }, flags, session)))
        session.out(`${contract.subjectOf(data)}  sent  ${id}\n`);
      return 0;
    }
    const { settled } = await bus.command(contract as CommandContract<never>, data, contract.type);
    const end = await settled;
    if (end.outcome !== 'accepted' && end.outcome !== 'duplicate') throw new CommandRefused(end);
    if (!(await printData(end, flags, session))) session.out(settledLine(end));
    return 0;
  });
};

/** One line on the end of a command. */
export function settledLine({ type, outcome, commandId, message }: CommandSettled): string {
  return `${type}  ${outcome}  ${commandId}${message === undefined ? '' : `  ${message}`}\n`;
}
