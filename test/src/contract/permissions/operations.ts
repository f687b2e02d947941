import { AckPolicy, DeliverPolicy, jetstream, type ConsumerInfo, type JetStreamClient } from '@nats-io/jetstream';
import { Kvm, type KV } from '@nats-io/kv';
import { BUCKETS, CONTRACTS, DOMAIN_OWNER, DOMAINS, PERSON_ROLES } from '@seatrial/contracts';
import { durablesOfService, type BusUser, type DurablePlan } from '@seatrial/infra';

import type { Client } from './client.ts';
import { sampleSubject } from './rules.ts';

/** Something a user does with JetStream, and the rights that it takes. */
export interface Operation {
  readonly name: string;
  readonly rights: readonly string[];
  /** Puts what is read in place, with the rights of whoever may. */
  readonly prepare?: (overseer: Client, owner: (user: BusUser) => Promise<Client>) => Promise<void>;
  /** Resolves when it is done; a missing right shows as a refusal or as an error. */
  readonly run: (client: Client) => Promise<void>;
}

/** Together more than 1 MiB: from there on the server asks a push consumer whether it keeps up. */
const MANY = 100;
const BODY = 'x'.repeat(16 * 1024);

/** All JetStream operations of one user. */
export function operationsOf(user: BusUser): Operation[] {
  if ((PERSON_ROLES as readonly string[]).includes(user)) return personOperations(user);
  return [
    ...durablesOfService(user as never).map(pull),
    ...BUCKETS.filter((b) => b.owner === user).flatMap((b) => [change(b.bucket), get(b.bucket), watch(b.bucket, user)]),
    ...BUCKETS.filter((b) => (b.consumers as readonly BusUser[]).includes(user)).map((b) => watch(b.bucket, b.owner)),
    ...CONTRACTS.filter((c) => c.kind === 'met' && (c.consumers as readonly BusUser[]).includes(user)).map((c) =>
      readFrom('MET', c.filter, sampleSubject(c), c.owner),
    ),
    ...DOMAINS.filter((domain) => DOMAIN_OWNER[domain] === user).flatMap((domain) => [
      readFrom('DLQ', `seatrial.dlq.v1.${domain}.>`, `seatrial.dlq.v1.${domain}.x`, user),
      readFrom('AUDIT', `seatrial.aud.v1.${domain}.>`, `seatrial.aud.v1.${domain}.x`, user),
    ]),
  ];
}

function personOperations(role: BusUser): Operation[] {
  const events = readFrom('EVT', 'seatrial.evt.>', 'seatrial.evt.v1.estate.gap-recorded.a.b', 'collector');
  if (role !== 'admin') return [events];
  return [
    events,
    readFrom('DLQ', 'seatrial.dlq.>', 'seatrial.dlq.v1.estate.x', 'collector'),
    readFrom('AUDIT', 'seatrial.aud.>', 'seatrial.aud.v1.estate.x', 'collector'),
  ];
}

function js(client: Client): JetStreamClient {
  return jetstream(client.nc, { checkAPI: false, timeout: 3000 });
}

function pull({ stream, config }: DurablePlan): Operation {
  const name = config.durable_name;
  const subject = config.filter_subject.replace(/>$/, 'a.b');
  return {
    name: `pull ${name}`,
    rights: [`$JS.API.CONSUMER.MSG.NEXT.${stream}.${name}`, `$JS.ACK.${stream}.${name}.>`],
    prepare: async (_overseer, owner) => {
      const contract = CONTRACTS.find(({ filter }) => filter === config.filter_subject);
      const sender = stream === 'CMD' || contract === undefined ? 'admin' : contract.owner;
      await js(await owner(sender)).publish(subject, '{}');
    },
    run: async (client) => {
      const bound = { stream_name: stream, name, config: {} } as unknown as ConsumerInfo;
      const message = await js(client).consumers.getConsumerFromInfo(bound).next({ expires: 1000 });
      if (message === null) throw new Error('nothing arrived');
      if (!(await message.ackAck({ timeout: 1000 }))) throw new Error('the ack was not taken');
    },
  };
}

async function open(client: Client, bucket: string): Promise<KV> {
  return new Kvm(js(client)).open(bucket, { bindOnly: true, allow_direct: false } as never);
}

function change(bucket: string): Operation {
  return {
    name: `change ${bucket}`,
    rights: [`$KV.${bucket}.>`],
    run: async (client) => {
      const kv = await open(client, bucket);
      const key = `change-${Math.trunc(performance.now() * 1000)}`;
      const revision = await kv.create(key, '1');
      await kv.update(key, '2', revision);
      await kv.delete(key);
    },
  };
}

function get(bucket: string): Operation {
  return {
    name: `get ${bucket}`,
    rights: [`$JS.API.STREAM.MSG.GET.KV_${bucket}`],
    prepare: async (_overseer, owner) => {
      const contract = BUCKETS.find((b) => b.bucket === bucket);
      if (contract) await (await open(await owner(contract.owner), bucket)).put('key', 'value');
    },
    run: async (client) => {
      const entry = await (await open(client, bucket)).get('key');
      if (entry?.string() !== 'value') throw new Error('no value');
    },
  };
}

function watch(bucket: string, owner: BusUser): Operation {
  return readFrom(`KV_${bucket}`, `$KV.${bucket}.>`, `$KV.${bucket}.many`, owner, true);
}

/** Reads a stream from its start with an ordered push consumer, so far that flow control sets in. */
function readFrom(stream: string, filter: string, subject: string, writer: BusUser, distinct = false): Operation {
  return {
    name: `read ${stream}`,
    rights: [`$JS.API.CONSUMER.CREATE.${stream}.*.${filter}`, `$JS.FC.${stream}.>`],
    prepare: async (_overseer, owner) => {
      const client = await owner(writer);
      await Promise.all(
        Array.from({ length: MANY }, (_, i) => js(client).publish(distinct ? `${subject}.${i}` : subject, BODY)),
      );
    },
    run: async (client) => {
      const consumer = await js(client).consumers.getPushConsumer(stream, {
        filter_subjects: filter,
        deliver_policy: DeliverPolicy.All,
        ack_policy: AckPolicy.None,
      } as never);
      let seen = 0;
      const messages = await consumer.consume();
      const giveUp = setTimeout(() => void messages.close(), 5000);
      for await (const message of messages) {
        seen += 1;
        if (message.info.pending === 0) break;
      }
      clearTimeout(giveUp);
      if (seen < MANY) throw new Error(`only ${seen} arrived`);
      // The answer to the last question of the server may still be on its way.
      await client.nc.flush();
    },
  };
}
