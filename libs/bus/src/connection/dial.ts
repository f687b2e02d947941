import { setTimeout as wait } from 'node:timers/promises';
import { errors as nats, nkeyAuthenticator, type NatsConnection } from '@nats-io/nats-core';
import { connect } from '@nats-io/transport-node';

import { BrokerTooOld, BrokerUnreachable, CredentialsRefused, CredentialsRequired } from '../errors.ts';
import type { CompiledBusOptions } from './options.ts';

/** Pause between tries of the first connection, ms: a broker that starts beside us is up within a second. */
const RETRY_MS = 200;
/** Pause between tries to reconnect, ms, give or take a quarter so that a fleet does not come back in one instant. */
const RECONNECT_MS = 400;
/** Silence after which a connection counts as dead: two pings of this period unanswered, ms. */
const PING_MS = 20_000;
const LEAST_VERSION = [2, 11] as const;

/**
 * Makes the one connection of this process. Tries until `connectTimeoutMs`; the client's own `waitOnFirstConnect` would wait for ever. Once made, it
 * reconnects for ever.
 * @throws BrokerUnreachable, CredentialsRefused, CredentialsRequired, BrokerTooOld
 */
export async function dial(options: CompiledBusOptions): Promise<NatsConnection> {
  const end = performance.now() + options.connectTimeoutMs;
  for (;;) {
    const left = end - performance.now();
    try {
      return await checkVersion(await once(options, Math.max(1, left)), options.url);
    } catch (error) {
      if (error instanceof BrokerTooOld) throw error;
      if (isAuth(error)) throw refused(options, error);
      if (end - performance.now() <= RETRY_MS) throw new BrokerUnreachable(options.url, error);
      await wait(RETRY_MS);
    }
  }
}

function once(options: CompiledBusOptions, timeout: number): Promise<NatsConnection> {
  const { identity, instance, seed } = options;
  return connect({
    servers: [...options.servers],
    name: `${identity.label} ${instance}`,
    inboxPrefix: identity.inboxPrefix,
    maxReconnectAttempts: -1,
    reconnectDelayHandler: () => RECONNECT_MS * (0.75 + Math.random() / 2),
    // A broker that comes back without our key is mended by its operator; until then we keep trying.
    ignoreAuthErrorAbort: true,
    pingInterval: PING_MS,
    timeout,
    // Stack traces of every request cost a third of its CPU; our own errors say what was asked.
    noAsyncTraces: true,
    ...(seed === undefined ? {} : { authenticator: nkeyAuthenticator(seed) }),
    ...(options.tls ? { tls: {} } : {}),
  });
}

async function checkVersion(connection: NatsConnection, url: string): Promise<NatsConnection> {
  const version = connection.info?.version ?? '0.0.0';
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major > LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor >= LEAST_VERSION[1])) return connection;
  await connection.close();
  throw new BrokerTooOld(url, version);
}

function isAuth(error: unknown): boolean {
  return error instanceof nats.AuthorizationError || error instanceof nats.UserAuthenticationExpiredError;
}

function refused({ url, identity, seed }: CompiledBusOptions, cause: unknown): Error {
  return seed === undefined
    ? new CredentialsRequired(url, cause)
    : new CredentialsRefused(`${url} does not accept the key of ${identity.label}`, cause);
}
