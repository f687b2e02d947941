import {
  BUCKETS,
  CONTRACTS,
  DOMAIN_OWNER,
  DOMAINS,
  PERSON_ROLES,
  SERVICES,
  type PersonRole,
  type SomeContract,
} from '@seatrial/contracts';
import { DURABLE_PLANS, type BusUser } from '@seatrial/infra';

/*
 * Who may do what, written down again from the role table of the specification, on purpose without the code that generates the configuration: the two
 * must agree on a real server.
 */

/** One thing that a user may or may not do on a concrete subject. */
export interface Rule {
  readonly subject: string;
  readonly may: (user: BusUser) => boolean;
}

const isPerson = (user: BusUser): user is PersonRole => (PERSON_ROLES as readonly string[]).includes(user);
const nobody = (): boolean => false;

/** A concrete subject of a contract; any tokens will do, for the server sees only the subject. */
export function sampleSubject(contract: SomeContract): string {
  return contract.key === undefined ? contract.subject : `${contract.subject}.a.b`;
}

function maySend(contract: SomeContract, user: BusUser): boolean {
  if (contract.kind === 'evt' || contract.kind === 'met') return contract.owner === user;
  if (isPerson(user))
    return contract.role !== 'service' && PERSON_ROLES.indexOf(user) >= PERSON_ROLES.indexOf(contract.role);
  return (contract.callers as readonly string[]).includes(user);
}

function mayHear(contract: SomeContract, user: BusUser): boolean {
  if (user === 'admin') return true;
  if (user === 'provisioner') return false;
  if (contract.kind === 'rpc') return contract.owner === user;
  if (isPerson(user)) return contract.kind === 'evt' || contract.type === 'estate.frame';
  const sends = CONTRACTS.some(
    (c) => c.kind === 'cmd' && c.domain === contract.domain && (c.callers as readonly string[]).includes(user),
  );
  return contract.name === 'command-settled' && sends;
}

const USERS: readonly string[] = [...SERVICES, ...PERSON_ROLES, 'provisioner'];

/** Publishing: every contract, dead letters and audit records, state, inboxes, the JetStream API. */
export const PUBLISH: readonly Rule[] = [
  ...CONTRACTS.map((contract) => ({
    subject: sampleSubject(contract),
    may: (user: BusUser) => maySend(contract, user),
  })),
  ...DOMAINS.flatMap((domain) =>
    [`seatrial.dlq.v1.${domain}.x`, `seatrial.aud.v1.${domain}.x`].map((subject) => ({
      subject,
      may: (user: BusUser) => DOMAIN_OWNER[domain] === user,
    })),
  ),
  ...BUCKETS.map((bucket) => ({
    subject: `$KV.${bucket.bucket}.a.b`,
    may: (user: BusUser) => bucket.owner === user,
  })),
  ...BUCKETS.map((bucket) => ({
    subject: `$JS.API.STREAM.MSG.GET.KV_${bucket.bucket}`,
    may: (user: BusUser) => bucket.owner === user,
  })),
  ...BUCKETS.map((bucket) => ({
    subject: `$JS.API.CONSUMER.CREATE.KV_${bucket.bucket}.x.$KV.${bucket.bucket}.>`,
    may: (user: BusUser) =>
      user === 'provisioner' || bucket.owner === user || (bucket.consumers as readonly string[]).includes(user),
  })),
  ...USERS.map((user) => ({ subject: `_INBOX_${user}.x.y`, may: nobody })),
  ...['CMD', 'EVT', 'MET', 'DLQ', 'AUDIT', ...BUCKETS.map((bucket) => `KV_${bucket.bucket}`)].flatMap((stream) => [
    { subject: `$JS.API.DIRECT.GET.${stream}`, may: nobody },
    { subject: `$JS.API.DIRECT.GET.${stream}.a.b`, may: nobody },
    // Ending a stream is a decision with a key of its own; the audit log has none.
    {
      subject: `$JS.API.STREAM.DELETE.${stream}`,
      may: (user: BusUser) => user === 'provisioner' && stream !== 'AUDIT',
    },
    { subject: `$JS.API.CONSUMER.MSG.NEXT.${stream}.anything`, may: nobody },
  ]),
  ...['STREAM.CREATE.X', 'STREAM.UPDATE.CMD', 'STREAM.PURGE.EVT', 'STREAM.MSG.DELETE.EVT', 'STREAM.NAMES', 'INFO'].map(
    (call) => ({ subject: `$JS.API.${call}`, may: (user: BusUser) => user === 'provisioner' }),
  ),
  ...['CONSUMER.CREATE.CMD', 'CONSUMER.CREATE.CMD.x', 'CONSUMER.DURABLE.CREATE.CMD.x', 'CONSUMER.DELETE.CMD.x'].map(
    (call) => ({ subject: `$JS.API.${call}`, may: (user: BusUser) => user === 'provisioner' }),
  ),
  {
    subject: '$JS.API.CONSUMER.CREATE.EVT.x.seatrial.evt.v1.>',
    may: (user) => user === 'provisioner' || isPerson(user),
  },
  { subject: '$JS.API.CONSUMER.CREATE.MET.x.seatrial.met.v1.>', may: (user) => user === 'provisioner' },
  { subject: '$JS.API.CONSUMER.CREATE.CMD.x.seatrial.cmd.v1.>', may: (user) => user === 'provisioner' },
  {
    subject: '$JS.API.CONSUMER.CREATE.AUDIT.x.seatrial.aud.>',
    may: (user) => user === 'provisioner' || user === 'admin',
  },
  {
    subject: '$JS.API.CONSUMER.CREATE.DLQ.x.seatrial.dlq.>',
    may: (user) => user === 'provisioner' || user === 'admin',
  },
  ...DOMAINS.flatMap((domain) =>
    [`DLQ.x.seatrial.dlq.v1.${domain}.>`, `AUDIT.x.seatrial.aud.v1.${domain}.>`].map((read) => ({
      subject: `$JS.API.CONSUMER.CREATE.${read}`,
      may: (user: BusUser) => user === 'provisioner' || user === 'admin' || DOMAIN_OWNER[domain] === user,
    })),
  ),
  // The right to read a stream under any consumer name must not reach the durables of its services.
  ...DURABLE_PLANS.map(({ stream, config }) => ({
    subject: `$JS.API.CONSUMER.CREATE.${stream}.${config.durable_name}.${config.filter_subject}`,
    may: (user: BusUser) => user === 'provisioner',
  })),
  ...['$SRV.PING', '$SRV.INFO.x', '$SRV.STATS.x.y'].map((subject) => ({ subject, may: isPerson })),
  { subject: '$SYS.REQ.SERVER.PING', may: nobody },
];

/** Subscribing: every contract, dead letters, audit, commands on their way, inboxes, internals. */
export const SUBSCRIBE: readonly Rule[] = [
  ...CONTRACTS.map((contract) => ({ subject: contract.filter, may: (user: BusUser) => mayHear(contract, user) })),
  ...['seatrial.>', 'seatrial.cmd.>', 'seatrial.dlq.>', 'seatrial.aud.>', 'seatrial.met.>', 'seatrial.rpc.>'].map(
    (subject) => ({ subject, may: (user: BusUser) => user === 'admin' }),
  ),
  { subject: 'seatrial.evt.>', may: isPerson },
  ...USERS.map((owner) => ({ subject: `_INBOX_${owner}.>`, may: (user: BusUser) => user === owner })),
  ...['>', '*.>', '_INBOX.>', '_INBOX_*.>', '$KV.>', '$JS.>', '$JS.API.>', '$JS.EVENT.>', '$SYS.>', '$SRV.>'].map(
    (subject) => ({ subject, may: nobody }),
  ),
  ...SERVICES.flatMap((service) =>
    ['PING', 'INFO', 'STATS'].flatMap((verb) => [
      { subject: `$SRV.${verb}.${service}`, may: (user: BusUser) => user === service },
      { subject: `$SRV.${verb}.${service}.id`, may: (user: BusUser) => user === service },
    ]),
  ),
];
