import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DURABLE_PLANS, provision, ProvisionRefused, STREAM_PLANS } from '@seatrial/infra';
import { startBroker, type Broker } from '@seatrial/testing';
import { jetstream } from '@nats-io/jetstream';
import { expect, test } from 'vitest';

import { connectAs } from '../permissions/client.ts';
import { oversee } from '../permissions/streams.ts';

const MINUTE = 60_000_000_000;

const again = (broker: Broker): ReturnType<typeof provision> =>
  provision({ url: broker.url, seedFile: broker.seedFile('provisioner') });

test('a fresh broker is provisioned, and a second time nothing is left to do', async () => {
  await using broker = await startBroker({ provision: false });
  const first = await again(broker);
  expect(first.created).toEqual(expect.arrayContaining(['CMD', 'EVT', 'MET', 'DLQ', 'AUDIT', 'MET/collector-sample']));
  const second = await again(broker);
  expect({ created: second.created, updated: second.updated }).toEqual({ created: [], updated: [] });
  expect(second.unchanged.toSorted()).toEqual(first.created.toSorted());
});

test('two provisions at once end well', async () => {
  await using broker = await startBroker({ provision: false });
  await Promise.all([again(broker), again(broker)]);
  expect((await again(broker)).created).toEqual([]);
});

test('what somebody changed is put right, as long as no message is lost by it', async () => {
  await using broker = await startBroker();
  await using overseer = await oversee(broker);
  const { config } = await overseer.manager.streams.info('EVT');
  await overseer.manager.streams.update('EVT', { ...config, max_age: MINUTE, duplicate_window: MINUTE });
  await overseer.manager.consumers.update('CMD', 'isolation-auditor-audit-start', { max_ack_pending: 1 });
  const { updated } = await again(broker);
  expect(updated.toSorted()).toEqual(['CMD/isolation-auditor-audit-start', 'EVT']);
  expect((await overseer.manager.streams.info('EVT')).config.max_age).toBe(STREAM_PLANS[1]?.max_age);
});

test('a limit is never tightened over stored messages; the refusal says what and how', async () => {
  await using broker = await startBroker();
  await using overseer = await oversee(broker);
  const { config } = await overseer.manager.streams.info('EVT');
  await overseer.manager.streams.update('EVT', { ...config, max_age: 0, subjects: [...config.subjects, 'legacy.>'] });
  await using collector = await connectAs(broker, 'collector');
  await jetstream(collector.nc, { checkAPI: false }).publish('seatrial.evt.v1.estate.gap-recorded.a.b', '{}');
  const refusal = await again(broker).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ProvisionRefused);
  expect(refusal).toMatchObject({ code: 'E-BUS-PROVISION' });
  expect((refusal as Error).message).toBe(
    'EVT: max_age would shrink from no limit to 604800000000000, subject legacy.> would be given up; it holds 1 messages',
  );
  expect(await overseer.messages('EVT')).toBe(1);
});

test('what cannot be changed in place is refused, even on an empty stream', async () => {
  await using broker = await startBroker({ provision: false });
  await using overseer = await oversee(broker);
  await overseer.manager.streams.add({ name: 'CMD', subjects: ['seatrial.cmd.>'], storage: 'memory' } as never);
  await expect(again(broker)).rejects.toThrow('storage would change from memory to file');
});

test('the audit log is append only: not even the provisioner deletes or purges', async () => {
  await using broker = await startBroker();
  await using overseer = await oversee(broker);
  await using collector = await connectAs(broker, 'collector');
  await jetstream(collector.nc, { checkAPI: false }).publish('seatrial.aud.v1.estate.x', '{}');
  await expect(overseer.manager.streams.deleteMessage('AUDIT', 1)).rejects.toThrow('message delete not permitted');
  await expect(overseer.manager.streams.purge('AUDIT')).rejects.toThrow('stream purge not permitted');
  await expect(overseer.manager.streams.delete('AUDIT')).rejects.toThrow(/Permissions Violation/i);
  const { config } = await overseer.manager.streams.info('AUDIT');
  await expect(overseer.manager.streams.update('AUDIT', { ...config, deny_purge: false })).rejects.toThrow(
    'deny purge',
  );
  expect(await overseer.messages('AUDIT')).toBe(1);
});

test('what was stored survives kill -9 and a restart, with its durables', async () => {
  await using broker = await startBroker();
  await using collector = await connectAs(broker, 'collector');
  await jetstream(collector.nc, { checkAPI: false }).publish('seatrial.evt.v1.estate.gap-recorded.a.b', '{}');
  await broker.kill();
  await broker.restart();
  await using overseer = await oversee(broker);
  expect(await overseer.messages('EVT')).toBe(1);
  const { unchanged } = await again(broker);
  expect(unchanged.length).toBeGreaterThanOrEqual(STREAM_PLANS.length + DURABLE_PLANS.length);
});

test('the command provisions, tells what it did, and names a wrong key', async () => {
  await using broker = await startBroker({ provision: false });
  const main = new URL('./provision-main.js', import.meta.resolve('@seatrial/infra')).pathname;
  const run = async (user: 'provisioner' | 'viewer') =>
    promisify(execFile)(process.execPath, [main, '--bus', broker.url, '--creds', broker.seedFile(user)]).then(
      ({ stdout }) => ({ code: 0, text: stdout }),
      (error: { code: number; stderr: string }) => ({ code: error.code, text: error.stderr }),
    );
  expect(await run('provisioner')).toMatchObject({ code: 0, text: expect.stringMatching(/^created \d+, updated 0/) });
  expect(await run('viewer')).toMatchObject({ code: 6, text: expect.stringContaining('E-BUS-PROVISION') });
});

test('a responder answers each request once, and nobody who was not asked', async () => {
  await using broker = await startBroker();
  await using service = await connectAs(broker, 'isolation-auditor');
  await using viewer = await connectAs(broker, 'viewer');
  const heard: string[] = [];
  viewer.nc.subscribe('_INBOX_viewer.answers', { callback: (_error, message) => void heard.push(message.string()) });
  service.nc.subscribe('seatrial.rpc.v1.isolation.ping', {
    callback: (_error, message) => {
      message.respond('first');
      message.respond('second');
    },
  });
  await Promise.all([service.nc.flush(), viewer.nc.flush()]);
  viewer.nc.publish('seatrial.rpc.v1.isolation.ping', '{}', { reply: '_INBOX_viewer.answers' });
  await service.firstRefusal;
  await viewer.nc.flush();
  expect(heard).toEqual(['first']);
  expect(await service.mayPublish('_INBOX_viewer.answers')).toBe(false);
});
