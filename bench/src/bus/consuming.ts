import { H, SampleBatches, TargetsList } from '@seatrial/contracts';
import { sampleBatch, type Broker } from '@seatrial/testing';
import { jetstreamManager, AckPolicy } from '@nats-io/jetstream';
import { connect, nkeyAuthenticator, type Subscription } from '@nats-io/transport-node';

import type { Bare, Clients } from './clients.ts';
import { windowed, type Operation } from './operation.ts';
import { makeService, TARGETS } from './service.ts';
import { wireHeaders } from './wire-headers.ts';

/** Durable of the bare side on the same stream; the broker of the bench gives the collector the rights on it. */
export const BARE_DURABLE = 'bench-bare';

/** Pull, parse, handle, acknowledge: 200 samples a message. Ours through Nest and the settlement pipeline, as a service runs it. */
export function consuming({ bare, ours }: Clients, broker: Broker): Operation {
  const batch = sampleBatch();
  return {
    name: 'consume-and-ack',
    n: 2_000,
    async begin(side, n) {
      await emptied(broker);
      await windowed(n, 64, () => ours.collector.publish(SampleBatches, batch));
      if (side === 'bare')
        return { run: () => consumeBare(bare.collector, n), [Symbol.asyncDispose]: () => Promise.resolve() };
      const service = await makeService(ours.collector);
      return {
        async run() {
          await service.start();
          await service.handled(n);
        },
        [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
      };
    },
  };
}

async function consumeBare({ js }: Bare, n: number): Promise<void> {
  const consumer = js.consumers.getConsumerFromInfo({ stream_name: 'MET', name: BARE_DURABLE, config: {} } as never);
  const messages = await consumer.consume({ max_messages: 100 });
  let left = n;
  for await (const message of messages) {
    const batch = message.json<{ vs: number[] }>();
    // What every consumer of the contract has to look at: the type, and the id by which it knows a redelivery.
    if (message.headers?.get(H.type) !== SampleBatches.ceType || message.headers.get(H.id) === '')
      throw new Error('a foreign message');
    if (batch.vs.length === 0) throw new Error('an empty batch');
    message.ack();
    if (--left === 0) break;
  }
}

/** Deletes what is stored and makes the durable of the bare side anew. */
async function emptied(broker: Broker): Promise<void> {
  const nc = await connect({
    servers: broker.url,
    inboxPrefix: '_INBOX_provisioner',
    authenticator: nkeyAuthenticator(new TextEncoder().encode(broker.seed('provisioner'))),
  });
  const manager = await jetstreamManager(nc, { checkAPI: false });
  await manager.streams.purge('MET');
  await manager.consumers.add('MET', {
    durable_name: BARE_DURABLE,
    ack_policy: AckPolicy.Explicit,
    max_ack_pending: 200,
    filter_subject: SampleBatches.filter,
  });
  await nc.close();
}

/** Request and reply, both ends in this process. */
export function asking({ bare, ours }: Clients): Operation {
  const window = 16;
  const { nc } = bare.operator;
  return {
    name: 'request-reply',
    n: 4_000,
    async begin(side, n) {
      if (side === 'ours') {
        const service = await makeService(ours.collector);
        await service.start();
        return {
          run: () => windowed(n, window, () => ours.operator.request(TargetsList, {})),
          [Symbol.asyncDispose]: () => service[Symbol.asyncDispose](),
        };
      }
      const responder = respondBare(bare.collector);
      await bare.collector.nc.flush();
      return {
        run: () =>
          windowed(n, window, async () => {
            const h = wireHeaders(TargetsList, '/people/bench');
            (await nc.request(TargetsList.subject, JSON.stringify({}), { headers: h, timeout: 5_000 })).json();
          }),
        [Symbol.asyncDispose]: () => responder.drain(),
      };
    },
  };
}

function respondBare({ nc }: Bare): Subscription {
  return nc.subscribe(TargetsList.subject, {
    queue: 'bench',
    callback: (error, request) => {
      if (error !== null) throw error;
      if (Date.parse(request.headers?.get(H.deadline) ?? '') < Date.now()) return;
      request.json();
      request.respond(JSON.stringify(TARGETS));
    },
  });
}
