import { Bus, type BusOptions } from '@seatrial/bus';
import type { PersonRole, ServiceName } from '@seatrial/contracts';
import type { Broker } from '@seatrial/testing';
import { connect, nkeyAuthenticator, type NatsConnection } from '@nats-io/transport-node';

/** A bus that is closed at the end of the block. */
export type TestBus = Bus & AsyncDisposable;

/** Connects as a service. */
export function asService(broker: Broker, service: ServiceName, options: Partial<BusOptions> = {}): Promise<TestBus> {
  return opened({ url: broker.url, as: { service }, seedFile: broker.seedFile(service), ...options });
}

/** Connects as a person of a role. */
export function asPerson(broker: Broker, role: PersonRole, options: Partial<BusOptions> = {}): Promise<TestBus> {
  return opened({ url: broker.url, as: { person: 'ada', role }, seedFile: broker.seedFile(role), ...options });
}

async function opened(options: BusOptions): Promise<TestBus> {
  const bus = await Bus.connect(options);
  return Object.assign(bus, { [Symbol.asyncDispose]: () => bus.close() });
}

/** A bare client with the key of a service: sends what our own library would not. */
export async function bareClient(broker: Broker, service: ServiceName): Promise<NatsConnection> {
  return connect({
    servers: broker.url,
    inboxPrefix: `_INBOX_${service}`,
    authenticator: nkeyAuthenticator(new TextEncoder().encode(broker.seed(service))),
  });
}

/** Everything that an iteration gives, up to `limit`. */
export async function collect<T>(from: AsyncIterable<T>, limit = Number.POSITIVE_INFINITY): Promise<T[]> {
  const all: T[] = [];
  for await (const item of from) {
    all.push(item);
    if (all.length >= limit) break;
  }
  return all;
}

/** Begins to listen, waits until the server knows of it, and gives what comes first. */
export async function first<T>(bus: Bus, from: AsyncIterable<T>, cause: () => Promise<unknown>): Promise<T> {
  const messages = from[Symbol.asyncIterator]();
  const message = messages.next();
  await bus.flush();
  await cause();
  const { value, done } = await message;
  await messages.return?.();
  if (done === true) throw new Error('it ended without a message');
  return value;
}
