import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { Bus } from '@seatrial/bus';
import type { PersonRole, ServiceName } from '@seatrial/contracts';
import type { Broker } from '@seatrial/testing';

/** A bare client with the same key as ours. */
export interface Bare {
  readonly nc: NatsConnection;
  readonly js: JetStreamClient;
}

/** Everything that the operations use; closed together. */
export interface Clients extends AsyncDisposable {
  /** Bare, as the collector and as a viewer. */
  readonly bare: { readonly collector: Bare; readonly operator: Bare };
  readonly ours: { readonly collector: Bus; readonly operator: Bus };
}

/** Connects both sides to one broker. */
export async function connectClients(broker: Broker): Promise<Clients> {
  const bare = { collector: await bareAs(broker, 'collector'), operator: await bareAs(broker, 'operator') };
  const ours = {
    collector: await Bus.connect({ url: broker.url, as: { service: 'collector' }, seed: broker.seed('collector') }),
    operator: await Bus.connect({
      url: broker.url,
      as: { person: 'bench', role: 'operator' },
      seed: broker.seed('operator'),
    }),
  };
  return {
    bare,
    ours,
    async [Symbol.asyncDispose]() {
      await Promise.all([
        bare.collector.nc.close(),
        bare.operator.nc.close(),
        ours.collector.close(),
        ours.operator.close(),
      ]);
    },
  };
}

async function bareAs(broker: Broker, user: ServiceName | PersonRole): Promise<Bare> {
  const nc = await connect({
    servers: broker.url,
    inboxPrefix: `_INBOX_${user}`,
    authenticator: nkeyAuthenticator(new TextEncoder().encode(broker.seed(user))),
    maxReconnectAttempts: -1,
    // As ours: without it the bare client spends a third of its time on stack traces, and the comparison would flatter us.
    noAsyncTraces: true,
  });
  return { nc, js: jetstream(nc, { checkAPI: false }) };
}
