import type { QueryContract } from '@seatrial/contracts';
import { toJsonText } from '@seatrial/report';

import { checkedPayload, contractOf, readPayload } from '../connect/contract-of.ts';
import { withBus } from '../connect/with-bus.ts';
import { printData } from '../output/print.ts';
import { UsageFault } from '../parse/fault.ts';
import type { VerbRun } from '../verb-table/spec.ts';

/** `req WHAT [JSON]`: checks the payload, asks, prints the answer. */
export const req: VerbRun = async (invocation, session) => {
  const { args, flags } = invocation;
  const [what = '', text = '{}'] = args;
  const contract = contractOf(what);
  if (contract.kind !== 'rpc')
    throw new UsageFault(`${contract.type} is not a query`, `Send it with \`seatrial pub ${contract.type}\`.`);
  const data = checkedPayload(contract, await readPayload(contract, text, session.readInput));
  return withBus(invocation, session, async (bus) => {
    const answer = await bus.ask(contract as QueryContract<never, unknown>, data);
    if (!(await printData(answer, flags, session))) session.out(`${toJsonText(answer)}\n`);
    return 0;
  });
};
