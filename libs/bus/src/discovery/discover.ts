import { createInbox } from '@nats-io/nats-core';

import { readableHeaders } from '../codec/readable-headers.ts';
import type { Connection } from '../connection/connection.ts';

/** One query that a service answers. */
export interface ServiceEndpoint {
  readonly name: string;
  readonly subject: string;
  readonly queue_group: string;
}

/** One running instance of a service, as it answers `$SRV.INFO` (ADR-32). */
export interface ServiceInfo {
  readonly name: string;
  /** Instance. */
  readonly id: string;
  readonly version: string;
  readonly description: string;
  readonly endpoints: readonly ServiceEndpoint[];
}

/** How long answers are collected. */
export interface DiscoverOptions {
  /** Time for answers, ms. @default 500 */ readonly waitMs?: number;
}

/** Most answers that are taken: nobody runs that many instances, and a flood must not fill the memory. */
const MOST = 1_000;

/** Every instance that answers within the time, ordered by name and instance. @throws BusClosed */
export async function discover(connection: Connection, { waitMs = 500 }: DiscoverOptions = {}): Promise<ServiceInfo[]> {
  await connection.whenConnected();
  const found = new Map<string, ServiceInfo>();
  const { promise, resolve } = Promise.withResolvers<void>();
  const inbox = createInbox(connection.identity.inboxPrefix);
  const subscription = connection.nc.subscribe(inbox, {
    callback: (error, message) => {
      // 503: nobody listens to the subject, so nothing more will come.
      if (error !== null || (message.data.length === 0 && readableHeaders(message)?.code === 503)) return resolve();
      const info = infoOf(message.string());
      if (info !== undefined && found.size < MOST) found.set(`${info.name} ${info.id}`, info);
    },
  });
  const timer = setTimeout(resolve, waitMs);
  connection.closing.addEventListener('abort', () => resolve(), { once: true });
  try {
    connection.nc.publish('$SRV.INFO', undefined, { reply: inbox });
    await promise;
  } finally {
    clearTimeout(timer);
    if (!subscription.isClosed()) subscription.unsubscribe();
  }
  return [...found].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, info]) => info);
}

/** Anybody may answer `$SRV.INFO`; what does not look like an answer is left out. */
function infoOf(text: string): ServiceInfo | undefined {
  let body: Record<string, unknown>;
  try {
    body = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { name, id, version, description, endpoints } = body;
  if (typeof name !== 'string' || typeof id !== 'string' || typeof version !== 'string') return undefined;
  return {
    name,
    id,
    version,
    description: typeof description === 'string' ? description : '',
    endpoints: Array.isArray(endpoints)
      ? endpoints.filter(isEndpoint).map((e) => ({ name: e.name, subject: e.subject, queue_group: e.queue_group }))
      : [],
  };
}

function isEndpoint(value: unknown): value is ServiceEndpoint {
  const { name, subject, queue_group: group } = (value ?? {}) as Partial<Record<string, unknown>>;
  return typeof name === 'string' && typeof subject === 'string' && typeof group === 'string';
}
