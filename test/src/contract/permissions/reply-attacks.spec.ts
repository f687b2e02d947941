import { setImmediate as turn } from 'node:timers/promises';
import { Handles } from '@seatrial/bus';
import { AuditStart, BUCKETS, STANDARD } from '@seatrial/contracts';
import { BUS_USERS, type BusUser, type ServerPermissions } from '@seatrial/infra';
import { startBroker } from '@seatrial/testing';
import { jetstream } from '@nats-io/jetstream';
import { headers, type Msg } from '@nats-io/transport-node';
import { expect, test } from 'vitest';

import { startPlane } from '../bus/plane.ts';
import { runService } from '../bus/run-service.ts';
import { connectAs, type Client } from './client.ts';
import { oversee } from './streams.ts';

/*
 * The server does not check the reply subject of a request against the rights of the requester. Who may ask the JetStream API anything can therefore try
 * to have its answer delivered where he himself may not publish. What remains possible is in docs/adr/0007-one-account.md.
 */
const VICTIM = 'seatrial.cmd.v1.isolation.audit-start.forged';
const DELETE = '$JS.API.STREAM.DELETE.EVT';
const BUCKET = 'seatrial_isolation_cursors';

/** Stores a forged command as a value of the attacker's own bucket. */
async function plantForgery(attacker: Client, bucket: string): Promise<void> {
  const forged = headers();
  forged.set('ce-source', '/people/admin');
  forged.set('ce-id', 'forged');
  await jetstream(attacker.nc, { checkAPI: false }).publish(`$KV.${bucket}.forged`, '{"scope":{}}', {
    headers: forged,
  });
}

/** Asks by DIRECT.GET for a missing and for a planted value, in both forms of the call, with both reply subjects. Returns what the server took. */
async function tryDirectGets(attacker: Client, bucket: string): Promise<string[]> {
  const taken: string[] = [];
  for (const key of ['missing', 'forged'])
    for (const reply of [VICTIM, DELETE])
      for (const [subject, body] of [
        [`$JS.API.DIRECT.GET.KV_${bucket}`, JSON.stringify({ last_by_subj: `$KV.${bucket}.${key}` })],
        [`$JS.API.DIRECT.GET.KV_${bucket}.$KV.${bucket}.${key}`, ''],
      ] as const)
        if (await attacker.mayPublish(subject, reply, body)) taken.push(subject);
  return taken;
}

test('nobody can have a value fetched by DIRECT.GET delivered as a command, or its absence as a call of the API', async () => {
  await using broker = await startBroker();
  await using overseer = await oversee(broker);
  for (const { bucket, owner } of BUCKETS) {
    await using client = await connectAs(broker, owner);
    await plantForgery(client, bucket);
  }
  for (const user of BUS_USERS) {
    await using attacker = await connectAs(broker, user);
    const taken: string[] = [];
    for (const { bucket } of BUCKETS) taken.push(...(await tryDirectGets(attacker, bucket)));
    expect({ user, taken }).toEqual({ user, taken: [] });
  }
  expect(await overseer.messages('EVT')).toBe(0);
  expect(await overseer.messages('CMD')).toBe(0);
});

test('both attacks work where DIRECT.GET is granted: what the test above looks for is real', async () => {
  const adjust = (user: BusUser, permissions: ServerPermissions): ServerPermissions =>
    user === 'isolation-auditor'
      ? { ...permissions, publish: { allow: [...permissions.publish.allow, '$JS.API.DIRECT.GET.>'] } }
      : permissions;
  await using broker = await startBroker({ adjust });
  await using overseer = await oversee(broker);
  const { config } = await overseer.manager.streams.info(`KV_${BUCKET}`);
  await overseer.manager.streams.update(config.name, { ...config, allow_direct: true });
  await using attacker = await connectAs(broker, 'isolation-auditor');
  await plantForgery(attacker, BUCKET);
  await tryDirectGets(attacker, BUCKET);
  await expect.poll(() => overseer.messages('CMD')).toBeGreaterThan(0);
  await expect.poll(() => overseer.messages('EVT')).toBeUndefined();
});

test('no bucket and no stream offers DIRECT.GET, whoever would be granted it', async () => {
  await using broker = await startBroker();
  await using overseer = await oversee(broker);
  for await (const { config } of overseer.manager.streams.list())
    expect({ name: config.name, direct: config.allow_direct }).toEqual({ name: config.name, direct: false });
});

test('a value fetched by MSG.GET and sent to a command subject loses its forged headers', async () => {
  await using broker = await startBroker();
  await using admin = await connectAs(broker, 'admin');
  await using attacker = await connectAs(broker, 'isolation-auditor');
  const heard: Msg[] = [];
  admin.nc.subscribe(VICTIM, { callback: (_error, message) => void heard.push(message) });
  await admin.nc.flush();
  await plantForgery(attacker, BUCKET);
  const get = JSON.stringify({ last_by_subj: `$KV.${BUCKET}.forged` });
  await attacker.mayPublish(`$JS.API.STREAM.MSG.GET.KV_${BUCKET}`, VICTIM, get);
  await expect.poll(() => heard.length).toBe(1);
  // The server's own JSON, without an id and a type: the bus makes it a dead letter.
  expect(heard[0]?.headers?.get('ce-id') ?? '').toBe('');
  expect(heard[0]?.json()).toHaveProperty('type', 'io.nats.jetstream.api.v1.stream_msg_get_response');
});

test.each(['viewer', 'operator', 'admin'] as const)(
  'a push consumer of a %s delivers nothing where he may not publish',
  async (role) => {
    await using broker = await startBroker();
    await using overseer = await oversee(broker);
    await using person = await connectAs(broker, role);
    await using collector = await connectAs(broker, 'collector');
    const publish = async (): Promise<unknown> =>
      jetstream(collector.nc, { checkAPI: false }).publish('seatrial.evt.v1.estate.gap-recorded.a.b', '{}');
    const forged = `seatrial.dlq.v1.estate.forged`;
    await publish();
    for (const [index, deliver] of [forged, DELETE.replace('EVT', 'DLQ')].entries())
      for (const headersOnly of [false, true]) {
        const name = `evil-${index}-${headersOnly}`;
        const config = {
          name,
          deliver_subject: deliver,
          filter_subject: 'seatrial.evt.v1.>',
          ack_policy: 'none',
          headers_only: headersOnly,
          idle_heartbeat: 100_000_000,
        };
        const create = `$JS.API.CONSUMER.CREATE.EVT.${name}.seatrial.evt.v1.>`;
        const answer = await person.nc.request(create, JSON.stringify({ stream_name: 'EVT', config }));
        expect(answer.json(), 'the attempt reaches the server').not.toHaveProperty('error');
      }
    // One that listens in his own inbox gets it: so the others had their chance.
    const inbox = `_INBOX_${role}.control`;
    let controlled = 0;
    person.nc.subscribe(inbox, { callback: () => void (controlled += 1) });
    const config = {
      name: 'good',
      deliver_subject: inbox,
      filter_subject: 'seatrial.evt.v1.>',
      ack_policy: 'none',
      idle_heartbeat: 100_000_000,
    };
    await person.nc.request(
      '$JS.API.CONSUMER.CREATE.EVT.good.seatrial.evt.v1.>',
      JSON.stringify({ stream_name: 'EVT', config }),
    );
    await publish();
    await expect.poll(() => controlled, { timeout: 10_000 }).toBeGreaterThan(4); // both events and heartbeats
    await turn();
    expect(await overseer.messages('DLQ')).toBe(0);
  },
);

class Commands {
  @Handles(AuditStart)
  async start(): Promise<void> {
    return Promise.resolve();
  }
}

test('no person has the answer of a service written where he may not publish', async () => {
  await using broker = await startPlane();
  await using overseer = await oversee(broker);
  await using service = await runService(broker, 'isolation-auditor', Commands);
  await using viewer = await connectAs(broker, 'viewer');
  const requests = [STANDARD.isolation.ping.subject, '$SRV.PING', '$SRV.INFO.isolation-auditor', '$SRV.STATS'];
  const targets = [
    '$KV.seatrial_isolation_findings.f',
    'seatrial.aud.v1.isolation.audit-start',
    'seatrial.evt.v1.isolation.finding.open.high.x',
    VICTIM,
    '$JS.API.STREAM.PURGE.EVT',
  ];
  for (const request of requests)
    for (const reply of targets) expect(await viewer.mayPublish(request, reply), 'the attempt arrives').toBe(true);
  // Requests of one connection are served in order, so an answer to the last one comes after whatever the others did.
  for (const request of requests) expect((await viewer.nc.request(request, '{}')).json()).toBeTypeOf('object');
  await service.close();
  for (const stream of ['KV_seatrial_isolation_findings', 'AUDIT', 'EVT', 'CMD', 'DLQ'])
    expect({ stream, messages: await overseer.messages(stream) }).toEqual({ stream, messages: 0 });
});

// Known and written down (ADR 7): turns red, to be made an ordinary test, once accounts or the server close it.
test.fails('a service cannot have the answer to an empty pull delivered as a call of the API', async () => {
  await using broker = await startBroker();
  await using overseer = await oversee(broker);
  await using attacker = await connectAs(broker, 'collector');
  await attacker.mayPublish('$JS.API.CONSUMER.MSG.NEXT.MET.collector-sample', DELETE, '{"batch":1,"no_wait":true}');
  const deleted = await expect
    .poll(() => overseer.messages('EVT'), { timeout: 2000 })
    .toBeUndefined()
    .then(
      () => true,
      () => false,
    );
  expect(deleted).toBe(false);
});
