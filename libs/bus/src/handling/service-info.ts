import type { Msg, NatsConnection, Subscription } from '@nats-io/nats-core';

import { isInbox } from '../connection/identity.ts';
import type { EndpointCounters } from './endpoint-counters.ts';

/** Who answers `$SRV` requests. */
export interface ServiceIdentity {
  /** Service name. */ readonly name: string;
  /** Instance. */ readonly id: string;
  /** Semantic version. */ readonly version: string;
  readonly startedAt: Date;
  readonly description: string;
}

const TYPE = 'io.nats.micro.v1';

/**
 * Answers discovery of the NATS service API (ADR-32): `$SRV.PING|INFO|STATS`, for all services, for those of a name, and for one instance, so that
 * `nats micro ls|info|stats` shows this process. Returns its subscriptions.
 */
export function answerDiscovery(
  connection: NatsConnection,
  identity: ServiceIdentity,
  endpoints: readonly EndpointCounters[],
): Subscription[] {
  const base = { name: identity.name, id: identity.id, version: identity.version, metadata: {} };
  const answers: Readonly<Record<string, () => object>> = {
    PING: () => ({ ...base, type: `${TYPE}.ping_response` }),
    INFO: () => ({
      ...base,
      type: `${TYPE}.info_response`,
      description: identity.description,
      endpoints: endpoints.map(({ contract, stats }) => ({
        name: stats.name,
        subject: stats.subject,
        queue_group: stats.queue_group,
        metadata: { domain: contract.domain, doc: contract.doc },
      })),
    }),
    STATS: () => ({
      ...base,
      type: `${TYPE}.stats_response`,
      started: identity.startedAt.toISOString(),
      endpoints: endpoints.map(({ stats }) => stats),
    }),
  };
  return Object.entries(answers).flatMap(([verb, body]) =>
    ['', `.${identity.name}`, `.${identity.name}.${identity.id}`].map((rest) =>
      connection.subscribe(`$SRV.${verb}${rest}`, {
        callback: (error: Error | null, request: Msg) => {
          if (error === null && isInbox(request.reply)) request.respond(JSON.stringify(body()));
        },
      }),
    ),
  );
}
