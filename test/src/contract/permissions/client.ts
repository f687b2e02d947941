import type { BusUser } from '@seatrial/infra';
import type { Broker } from '@seatrial/testing';
import { connect, nkeyAuthenticator, PermissionViolationError, type NatsConnection } from '@nats-io/transport-node';

/** A bare client of one user: no library of ours stands between the test and the server. */
export interface Client extends AsyncDisposable {
  readonly nc: NatsConnection;
  readonly user: BusUser;
  /** `publish <subject>` of what the server refused so far. */
  readonly refused: ReadonlySet<string>;
  /** Resolves at the first refusal. */
  readonly firstRefusal: Promise<void>;
  /** Whether the server takes a publish; `reply` as an attacker would set it. */
  mayPublish(subject: string, reply?: string, body?: string): Promise<boolean>;
  maySubscribe(subject: string): Promise<boolean>;
}

/** Connects as a user of the broker, with the user's own inbox. */
export async function connectAs(broker: Broker, user: BusUser): Promise<Client> {
  const nc = await connect({
    servers: broker.url,
    authenticator: nkeyAuthenticator(Buffer.from(broker.seed(user))),
    inboxPrefix: `_INBOX_${user}`,
    reconnect: false,
  });
  const refused = new Set<string>();
  const first = Promise.withResolvers<void>();
  const refuse = (what: string): void => {
    refused.add(what);
    first.resolve();
  };
  const watching = (async () => {
    for await (const status of nc.status())
      if (status.type === 'error' && status.error instanceof PermissionViolationError)
        refuse(`${status.error.operation} ${status.error.subject}`);
  })();
  /** The server answers in order: a refusal of what was sent before arrives before the answer to this. */
  const heard = async (): Promise<void> => {
    await nc.flush();
    await new Promise((done) => setImmediate(done));
  };
  return {
    nc,
    user,
    refused,
    firstRefusal: first.promise,
    mayPublish: async (subject, reply, body = '{}') => {
      refused.delete(`publish ${subject}`);
      nc.publish(subject, body, reply === undefined ? {} : { reply });
      await heard();
      return !refused.has(`publish ${subject}`);
    },
    maySubscribe: async (subject) => {
      let taken = true;
      // A refused subscription hears of it itself.
      const subscription = nc.subscribe(subject, { callback: (error) => void (taken &&= error === null) });
      await heard();
      if (taken) subscription.unsubscribe();
      return taken;
    },
    [Symbol.asyncDispose]: async () => {
      await nc.close();
      await watching;
    },
  };
}
