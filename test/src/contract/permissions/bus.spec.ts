import { Bus, type BusStatus } from '@seatrial/bus';
import {
  AuditStart,
  CollectorLeases,
  IsolationCursors,
  Inventory,
  SampleBatches,
  shardOf,
  SourceState,
  Watermarks,
  type ServiceName,
} from '@seatrial/contracts';
import { startBroker, until, type Broker } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { startProbe } from '../service/probe.ts';
import { oversee } from './streams.ts';

/*
 * The bus library with exactly the generated rights, and with `allow_responses` off, which would grant acks and flow control besides.
 */

/** A service on the bus and everything that was refused to it. */
async function serviceBus(broker: Broker, service: ServiceName): Promise<{ bus: Bus; refused: BusStatus[] }> {
  const refused: BusStatus[] = [];
  const onStatus = (status: BusStatus): void => void (typeof status === 'string' || refused.push(status));
  const bus = await Bus.connect({
    url: broker.url,
    as: { service },
    seedFile: broker.seedFile(service),
    onStatus,
  });
  return { bus, refused };
}

test('a command is handled, acknowledged and settled', async () => {
  await using broker = await startBroker({ allowResponses: false });
  await using overseer = await oversee(broker);
  await using probe = startProbe(broker);
  await probe.ready;
  const bus = await Bus.connect({
    url: broker.url,
    as: { person: 'operator', role: 'operator' },
    seedFile: broker.seedFile('operator'),
  });
  const settled = await bus.execute(AuditStart, { auditId: 'a', scope: {}, mode: 'declared' });
  expect(settled.outcome).toBe('accepted');
  // Gone from the work queue: the ack was allowed.
  await until('the ack', async () => (await overseer.messages('CMD')) === 0);
  expect(await overseer.messages('AUDIT')).toBe(1);
  await bus.close();
});

test('state, leases, metrics and dead letters of a service need no other right', async () => {
  await using broker = await startBroker({ allowResponses: false });
  const { bus, refused } = await serviceBus(broker, 'collector');
  const marks = bus.bucket(Watermarks);
  const value = { eventSince: '1.2', updatedAt: new Date(0).toISOString() };
  const revision = await marks.create('docker.events', value);
  await marks.update('docker.events', value, revision);
  expect((await marks.get('docker.events'))?.value).toEqual(value);
  expect(await marks.entries()).toHaveLength(1);
  await marks.delete('docker.events');

  await using lease = await bus.lease(CollectorLeases, 'frame').acquire();
  expect(lease.held).toBe(true);

  const rs = ['docker/a'];
  const batch = {
    v: 1,
    src: 'docker',
    tgt: 'docker',
    f: 1,
    t0: Date.now(),
    iv: 10,
    rs,
    ss: [['cpu', {}]],
    ri: [0],
    si: [0],
    ts: [0],
    vs: [1],
  } as const;
  await bus.publish(SampleBatches, batch as never);
  const filter = `${SampleBatches.subject}.docker.docker.${shardOf('docker/a')}`;
  const samples = [];
  for await (const sample of bus.read(SampleBatches, { filter, from: 'all', follow: false }))
    samples.push(sample.data.vs);
  expect(samples).toEqual([[1]]);
  for await (const letter of bus.readRaw('DLQ', { filter: 'seatrial.dlq.v1.estate.>', from: 'all', follow: false }))
    expect(letter).toBeUndefined();
  await bus.close();
  expect(refused).toEqual([]);
});

test('foreign state may be watched where the contract names the reader, and nothing else', async () => {
  await using broker = await startBroker({ allowResponses: false });
  const { bus } = await serviceBus(broker, 'isolation-auditor');
  expect(await bus.bucket(Inventory).entries()).toEqual([]);
  const record = { updatedAt: new Date(0).toISOString() };
  await expect(bus.bucket(Watermarks).put('docker.events', record)).rejects.toMatchObject({ code: 'E-PERM-PUBLISH' });
  await expect(bus.bucket(Inventory).delete('x')).rejects.toMatchObject({ code: 'E-PERM-PUBLISH' });
  await expect(bus.bucket(IsolationCursors).put('docker', { eventSince: '1', ...record })).resolves.toBeGreaterThan(0);
  await bus.close();
});

test('an event that another service owns is refused, with the name of who may', async () => {
  await using broker = await startBroker({ allowResponses: false });
  const { bus } = await serviceBus(broker, 'collector');
  const state = { source: 'docker', host: 'h', state: 'up', since: new Date(0).toISOString() } as const;
  await expect(bus.publish(SourceState, state)).rejects.toMatchObject({
    code: 'E-PERM-PUBLISH',
    message: expect.stringContaining('isolation-auditor'),
  });
  await bus.close();
});
