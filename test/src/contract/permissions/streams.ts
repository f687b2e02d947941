import type { Broker } from '@seatrial/testing';
import { jetstreamManager, type JetStreamManager } from '@nats-io/jetstream';

import { connectAs } from './client.ts';

/** The JetStream API with the provisioner's key, to look at what became of an attempt. */
export interface Overseer extends AsyncDisposable {
  readonly manager: JetStreamManager;
  /** Messages that a stream holds; undefined when there is no such stream. */
  messages(stream: string): Promise<number | undefined>;
}

export async function oversee(broker: Broker): Promise<Overseer> {
  const client = await connectAs(broker, 'provisioner');
  const manager = await jetstreamManager(client.nc, { checkAPI: false });
  return {
    manager,
    messages: async (stream) =>
      manager.streams.info(stream).then(
        (info) => info.state.messages,
        () => undefined,
      ),
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}
