import {
  BUCKETS,
  CONTRACTS,
  DOMAIN_OWNER,
  DOMAINS,
  OBJECT_STORES,
  PERSON_ROLES,
  ROOT,
  SERVICES,
  STANDARD,
  STREAMS,
  type Domain,
  type PersonRole,
  type Role,
  type ServiceName,
} from '@seatrial/contracts';

import { DURABLE_PLANS, durablesOfService } from './durables.ts';

/** A user of the broker: a service, a person of a role, or the provisioner. Its key file and its inbox carry this name. */
export type BusUser = ServiceName | PersonRole | 'provisioner';

/** All users, in the order of the configuration. */
export const BUS_USERS: readonly BusUser[] = [...SERVICES, ...PERSON_ROLES, 'provisioner'];

/** What one user may do. Everything that is not listed is refused by the server. */
export interface Permissions {
  readonly publish: readonly string[];
  readonly subscribe: readonly string[];
  /** May answer each request it got, once, whatever its reply subject. */
  readonly responds: boolean;
  /** Refused although a wildcard of `publish` would allow it. */
  readonly denyPublish?: readonly string[];
}

/** Subject space of the replies to a user's own requests. Nobody else may subscribe to it. */
export const inboxOf = (user: BusUser): string => `_INBOX_${user}.>`;

/** Rights of one user, generated from the registry. Rows and reasons: docs/invariants.md, "Rights on the bus". */
export function permissionsOf(user: BusUser): Permissions {
  if (user === 'provisioner') return PROVISIONER;
  const rights = isService(user) ? servicePermissions(user) : personPermissions(user);
  const denyPublish = durablesWithin(rights.publish);
  return denyPublish.length === 0 ? rights : { ...rights, denyPublish };
}

/**
 * Calls that would change a durable, of those that the right to read its stream in order reaches: that right is for any consumer name, and creating one that exists
 * updates it. A reader could make a service's durable expire.
 */
function durablesWithin(publish: readonly string[]): string[] {
  return DURABLE_PLANS.filter(({ stream }) =>
    publish.some((right) => right.startsWith(`$JS.API.CONSUMER.CREATE.${stream}.*.`)),
  ).map(({ stream, config }) => `$JS.API.CONSUMER.CREATE.${stream}.${config.durable_name}.>`);
}

/**
 * Makes streams and durables; says and hears nothing of ours by itself, and cannot delete the audit log. No boundary, though: who may make a consumer can have a stream delivered
 * to the own inbox, and who may change a stream can shorten its age, that of the audit log too. So its key serves `provision` alone.
 */
const PROVISIONER: Permissions = {
  publish: ['$JS.API.>'],
  // DIRECT.GET steers its reply anywhere; MSG.NEXT and MSG.GET read what people and services said.
  denyPublish: [
    '$JS.API.DIRECT.>',
    '$JS.API.CONSUMER.MSG.NEXT.>',
    '$JS.API.STREAM.MSG.GET.>',
    `$JS.API.STREAM.DELETE.${STREAMS.aud}`,
    `$JS.API.STREAM.RESTORE.${STREAMS.aud}`,
  ],
  subscribe: [inboxOf('provisioner')],
  responds: false,
};

function servicePermissions(service: ServiceName): Permissions {
  const domains = DOMAINS.filter((domain) => DOMAIN_OWNER[domain] === service);
  const own = CONTRACTS.filter((contract) => contract.owner === service);
  const sent = CONTRACTS.filter((c) => (c.kind === 'cmd' || c.kind === 'rpc') && c.callers.includes(service));
  return {
    publish: [
      ...own.filter((c) => c.kind === 'evt' || c.kind === 'met').map((c) => c.filter),
      ...domains.flatMap((domain) => [`${ROOT}.dlq.v1.${domain}.>`, `${ROOT}.aud.v1.${domain}.>`]),
      ...sent.map((c) => c.filter),
      ...durablesOfService(service).flatMap(({ stream, config }) => [
        `$JS.API.CONSUMER.MSG.NEXT.${stream}.${config.durable_name}`,
        `$JS.ACK.${stream}.${config.durable_name}.>`,
      ]),
      ...domains.map((domain) => orderedPush(STREAMS.dlq, `${ROOT}.dlq.v1.${domain}.>`)),
      flowControl(STREAMS.dlq),
      // The records of its own commands go into its archive, which keeps them longer than the stream.
      ...domains.map((domain) => orderedPush(STREAMS.aud, `${ROOT}.aud.v1.${domain}.>`)),
      flowControl(STREAMS.aud),
      // Live views of a metric stream (last values, frames) read it in order, beside the durable of the archive.
      ...CONTRACTS.filter((c) => c.kind === 'met' && c.consumers.includes(service)).flatMap((c) => [
        orderedPush(STREAMS.met, c.filter),
        flowControl(STREAMS.met),
      ]),
      ...BUCKETS.flatMap((b) => bucketRights(b.bucket, b.owner === service, b.consumers.includes(service))),
      ...OBJECT_STORES.flatMap((s) => objectRights(s.store, s.owner === service, s.consumers.includes(service))),
    ],
    subscribe: [
      inboxOf(service),
      ...own.filter((c) => c.kind === 'rpc').map((c) => c.subject),
      ...settledDomains(sent).map((domain) => STANDARD[domain].settled.filter),
      ...['PING', 'INFO', 'STATS'].flatMap((verb) => [
        `$SRV.${verb}`,
        `$SRV.${verb}.${service}`,
        `$SRV.${verb}.${service}.*`,
      ]),
    ],
    responds: true,
  };
}

function personPermissions(role: PersonRole): Permissions {
  const may = (least: Role): boolean =>
    least !== 'service' && PERSON_ROLES.indexOf(role) >= PERSON_ROLES.indexOf(least);
  const admin = role === 'admin';
  return {
    publish: [
      ...CONTRACTS.filter((c) => (c.kind === 'cmd' || c.kind === 'rpc') && may(c.role)).map((c) => c.filter),
      orderedPush(STREAMS.evt, `${ROOT}.evt.>`),
      flowControl(STREAMS.evt),
      ...(admin
        ? [
            orderedPush(STREAMS.dlq, `${ROOT}.dlq.>`),
            flowControl(STREAMS.dlq),
            orderedPush(STREAMS.aud, `${ROOT}.aud.>`),
            flowControl(STREAMS.aud),
          ]
        : []),
      ...['PING', 'INFO', 'STATS'].flatMap((verb) => [`$SRV.${verb}`, `$SRV.${verb}.>`]),
    ],
    subscribe: [inboxOf(role), ...(admin ? [`${ROOT}.>`] : [`${ROOT}.evt.>`, `${ROOT}.met.v1.estate.frame.>`])],
    responds: false,
  };
}

/** Reading a stream from a place on, in order, without a durable. The filter stands in the subject, so it is part of the right. */
function orderedPush(stream: string, filter: string): string {
  return `$JS.API.CONSUMER.CREATE.${stream}.*.${filter}`;
}

/** Without it a push consumer stops for ever once the server wants to know that its reader keeps up. */
function flowControl(stream: string): string {
  return `$JS.FC.${stream}.>`;
}

function bucketRights(bucket: string, owner: boolean, consumer: boolean): string[] {
  const watch = [orderedPush(`KV_${bucket}`, `$KV.${bucket}.>`), flowControl(`KV_${bucket}`)];
  if (owner) return [`$KV.${bucket}.>`, `$JS.API.STREAM.MSG.GET.KV_${bucket}`, ...watch];
  return consumer ? watch : [];
}

function objectRights(store: string, owner: boolean, consumer: boolean): string[] {
  if (!owner && !consumer) return [];
  return [
    ...(owner ? [`$O.${store}.>`] : []),
    `$JS.API.STREAM.MSG.GET.OBJ_${store}`,
    orderedPush(`OBJ_${store}`, `$O.${store}.>`),
    flowControl(`OBJ_${store}`),
  ];
}

/** Domains whose commands are sent: who sends a command waits for its `command-settled`. */
function settledDomains(sent: readonly { readonly kind: string; readonly domain: Domain }[]): Domain[] {
  return [...new Set(sent.filter((c) => c.kind === 'cmd').map((c) => c.domain))];
}

function isService(user: BusUser): user is ServiceName {
  return (SERVICES as readonly string[]).includes(user);
}
