import { jetstreamManager, AckPolicy, type JetStreamManager } from '@nats-io/jetstream';
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';
import { STREAMS, type CommandSettled, type SomeEvent } from '@seatrial/contracts';
import { Bus, durableName } from '@seatrial/bus';
import { startBroker, type Broker, type BrokerOptions } from '@seatrial/testing';
import type { ServiceName } from '@seatrial/contracts';

/** Services that read this event in a test, beside those of the registry. */
export interface ExtraReader {
  readonly service: ServiceName;
  readonly contract: SomeEvent;
}

/** Name of the handler of a further event: events of two domains may have one name. */
export const handlerName = (contract: { readonly type: string }): string => contract.type.replace('.', '-');

/** A broker whose provisioner may say and hear anything (a stranger, for messages no client of ours would send) and whose services may read further events. */
export async function startPlane(readers: readonly ExtraReader[] = [], options: BrokerOptions = {}): Promise<Broker> {
  const broker = await startBroker({
    ...options,
    adjust: (user, permissions) => {
      const names = readers
        .filter((reader) => reader.service === user)
        .map((reader) => durableName(user, handlerName(reader.contract)));
      const more = names.flatMap((name) => [`$JS.API.CONSUMER.MSG.NEXT.EVT.${name}`, `$JS.ACK.EVT.${name}.>`]);
      if (user === 'provisioner') return { publish: { allow: ['>'] }, subscribe: { allow: ['>'] } };
      return { ...permissions, publish: { ...permissions.publish, allow: [...permissions.publish.allow, ...more] } };
    },
  });
  await using admin = await asProvisioner(broker);
  for (const { service, contract } of readers)
    await admin.jsm.consumers.add(STREAMS.evt, {
      durable_name: durableName(service, handlerName(contract)),
      ack_policy: AckPolicy.Explicit,
      filter_subject: contract.filter,
    });
  return broker;
}

/** A bare connection with the provisioner's key. */
export interface Provisioner extends AsyncDisposable {
  readonly nc: NatsConnection;
  readonly jsm: JetStreamManager;
}

export async function asProvisioner(broker: Broker): Promise<Provisioner> {
  const nc = await connect({
    servers: broker.url,
    inboxPrefix: '_INBOX_provisioner',
    authenticator: nkeyAuthenticator(new TextEncoder().encode(broker.seed('provisioner'))),
  });
  const jsm = await jetstreamManager(nc, { checkAPI: false });
  return { nc, jsm, [Symbol.asyncDispose]: () => nc.close() };
}

/** Makes the server deliver again sooner than after 30 s, so that a test need not wait. */
export async function setAckWait(broker: Broker, stream: string, durable: string, ms: number): Promise<void> {
  await using admin = await asProvisioner(broker);
  await admin.jsm.consumers.update(stream, durable, { ack_wait: ms * 1_000_000 });
}

/** The bus as an admin sees it; closed at the end of the block. */
export interface AdminBus extends AsyncDisposable {
  readonly bus: Bus;
  /** `command-settled` events of a domain that are stored, oldest first. */
  settled(domain?: string): Promise<CommandSettled[]>;
  /** Stored messages under a filter, oldest first. */
  stored(stream: 'CMD' | 'EVT' | 'MET' | 'DLQ' | 'AUDIT', filter: string): Promise<Kept[]>;
}

/** A stored message, its body parsed where it is JSON. */
export interface Kept {
  readonly subject: string;
  readonly sequence: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly json: Readonly<Record<string, unknown>> | undefined;
}

export async function asAdmin(broker: Broker): Promise<AdminBus> {
  const bus = await Bus.connect({
    url: broker.url,
    as: { person: 'tess', role: 'admin' },
    seedFile: broker.seedFile('admin'),
  });
  const stored: AdminBus['stored'] = async (stream, filter) => {
    const found: Kept[] = [];
    for await (const raw of bus.readRaw(stream, { filter, from: 'all', follow: false })) {
      const text = new TextDecoder().decode(raw.data);
      found.push({ subject: raw.subject, sequence: raw.sequence ?? 0, headers: raw.headers, text, json: parsed(text) });
    }
    return found;
  };
  return {
    bus,
    stored,
    settled: async (domain = 'isolation') => {
      const events = await stored('EVT', `seatrial.evt.v1.${domain}.command-settled.>`);
      return events.flatMap(({ json }) => (json === undefined ? [] : [json as unknown as CommandSettled]));
    },
    [Symbol.asyncDispose]: () => bus.close(),
  };
}

function parsed(text: string): Kept['json'] {
  try {
    return JSON.parse(text) as Kept['json'];
  } catch {
    return undefined;
  }
}
