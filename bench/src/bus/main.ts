import { parseArgs } from 'node:util';
import { startBroker } from '@seatrial/testing';

import { atMost, printFigures, reported, type Figures } from '../figures.ts';
import { connectClients } from './clients.ts';
import { compare } from './compare.ts';
import { asking, BARE_DURABLE, consuming } from './consuming.ts';
import { keyed } from './keyed.ts';
import { publishing } from './publishing.ts';

/** What the architecture asks for: within 20 % of the bare client. */
const MOST = 1.2;

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '9' } } });
const rounds = Number(values.rounds);
if (!Number.isInteger(rounds) || rounds < 1) throw new RangeError('--rounds is a positive whole number');

await using broker = await startBroker({
  adjust: (user, permissions) => {
    if (user !== 'collector') return permissions;
    const bare = [`$JS.API.CONSUMER.MSG.NEXT.MET.${BARE_DURABLE}`, `$JS.ACK.MET.${BARE_DURABLE}.>`];
    return { ...permissions, publish: { ...permissions.publish, allow: [...permissions.publish.allow, ...bare] } };
  },
});
await using clients = await connectClients(broker);

const figures: Record<string, Figures[string]> = {};
for (const operation of [...publishing(clients), consuming(clients, broker), asking(clients), await keyed(clients)]) {
  const { bareUs, oursUs, ratio } = await compare(operation, rounds);
  figures[`${operation.name}-cpu`] = reported(oursUs, 'us CPU/message', bareUs);
  figures[`${operation.name}-ratio`] = atMost(ratio, MOST, 'x bare @nats-io');
}
printFigures('bus', figures);
