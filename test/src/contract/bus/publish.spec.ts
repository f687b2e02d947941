import { AuditStart, Frames, H, ResourceSynced, SampleBatches, STANDARD } from '@seatrial/contracts';
import { sampleBatch, startBroker, type Broker } from '@seatrial/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { asPerson, asService, collect, first, type TestBus } from './client.ts';
import { audit } from './commands.ts';
import { synced } from './messages.ts';

let broker: Broker;
let bus: TestBus;
let admin: TestBus;
beforeAll(async () => {
  broker = await startBroker();
  bus = await asService(broker, 'collector');
  admin = await asPerson(broker, 'admin');
});
afterAll(async () => {
  await bus.close();
  await admin.close();
  await broker[Symbol.asyncDispose]();
});

const stored = (): Promise<{ id: string; headers: ReadonlyMap<string, string> }[]> =>
  collect(admin.read(ResourceSynced, { follow: false }));

describe('publishing', () => {
  test('resolves when the message is stored, with its sequence; the same id again is stored once', async () => {
    const first = await bus.publish(ResourceSynced, synced(1), { id: 'once', subject: 'local' });
    const again = await bus.publish(ResourceSynced, synced(1), { id: 'once' });
    expect(first).toMatchObject({ id: 'once', duplicate: false });
    expect(again).toEqual({ id: 'once', sequence: first.sequence, duplicate: true });
    const all = await stored();
    expect(all.filter(({ id }) => id === 'once')).toHaveLength(1);
    expect(all.at(-1)?.headers.get(H.source)).toBe('/services/collector');
  });

  test('derives ids from the delivery that is handled, so a redelivery stores nothing twice', async () => {
    const delivery = (): never => ({ id: 'cause-1' }) as never;
    const one = delivery();
    const ids = [
      await bus.publish(ResourceSynced, synced(2), { cause: one }),
      await bus.publish(ResourceSynced, synced(3), { cause: one }),
    ];
    expect(ids.map(({ id }) => id)).toEqual(['cause-1/resource-synced/1', 'cause-1/resource-synced/2']);
    expect(await bus.publish(ResourceSynced, synced(2), { cause: delivery() })).toMatchObject({
      id: 'cause-1/resource-synced/1',
      duplicate: true,
    });
    expect((await stored()).find(({ id }) => id === 'cause-1/resource-synced/2')?.headers.get(H.cause)).toBe('cause-1');
  });

  test('a columnar batch of 200 samples arrives as it was sent', async () => {
    const got = await first(admin, admin.subscribe(SampleBatches), () =>
      bus.publish(SampleBatches, sampleBatch(), { id: 'b1' }),
    );
    expect(got).toMatchObject({
      data: sampleBatch(),
      id: 'b1',
      subject: 'seatrial.met.v1.estate.sample.docker.local.3',
    });
  });

  test('2 MB are refused before anything is sent', async () => {
    const before = bus.connection.nc.stats().outMsgs;
    const large = { ...synced(), counts: { ['x'.repeat(2 * 1024 * 1024)]: 1 } };
    await expect(bus.publish(ResourceSynced, large)).rejects.toMatchObject({
      code: 'E-BUS-PAYLOAD-TOO-LARGE',
      hint: expect.stringContaining('object store'),
    });
    expect(bus.connection.nc.stats().outMsgs).toBe(before);
    expect((await bus.publish(ResourceSynced, synced())).duplicate).toBe(false);
  });

  test('a payload that does not fit is refused, naming the place', async () => {
    const bad = { ...synced(), removed: -1 };
    await expect(bus.publish(ResourceSynced, bad)).rejects.toMatchObject({
      code: 'E-CONTRACT-PAYLOAD',
      details: { pointer: '/removed' },
    });
    await expect(bus.publish(SampleBatches, { ...sampleBatch(), iv: 0 })).rejects.toMatchObject({
      code: 'E-CONTRACT-PAYLOAD',
      details: { pointer: '/iv' },
    });
  });

  test('who may not is told so, and who may', async () => {
    await using viewer = await asPerson(broker, 'viewer');
    await expect(viewer.send(AuditStart, audit('x'))).rejects.toMatchObject({
      code: 'E-PERM-PUBLISH',
      message: 'ada (viewer) may not publish to seatrial.cmd.v1.isolation.audit-start.x; role operator, admin may',
      details: { subject: 'seatrial.cmd.v1.isolation.audit-start.x', may: 'role operator, admin' },
    });
    await expect(admin.publish(ResourceSynced, synced())).rejects.toMatchObject({
      code: 'E-PERM-PUBLISH',
      message: expect.stringContaining('service collector may'),
    });
    // The refusal of one is not taken for that of another that waits beside it.
    const [refused, taken] = await Promise.allSettled([
      admin.publish(Frames, {} as never),
      admin.send(AuditStart, audit('beside')),
    ]);
    expect([refused.status, taken.status]).toEqual(['rejected', 'fulfilled']);
  });

  test('a command carries who sends it', async () => {
    const got = await first(admin, admin.subscribeRaw(AuditStart.filter), () => admin.send(AuditStart, audit('who')));
    expect(Object.fromEntries(got.headers)).toMatchObject({
      [H.source]: '/people/ada',
      [H.actor]: 'ada',
      [H.role]: 'admin',
    });
  });

  test('without its stream says what is missing and how to mend it', async () => {
    await using empty = await startBroker({ provision: false });
    await using lost = await asService(empty, 'collector');
    await expect(lost.publish(ResourceSynced, synced())).rejects.toMatchObject({
      code: 'E-BUS-NOT-PROVISIONED',
      hint: expect.stringContaining('provisioning'),
    });
    expect(lost.metrics.publishFailures.values.get('estate.resource-synced')).toBe(1);
  });

  test('ends with its deadline or its signal when the broker is gone', async () => {
    await using gone = await startBroker({ provision: false });
    await using lost = await asService(gone, 'collector');
    await gone.kill();
    await expect(lost.publish(ResourceSynced, synced(), { deadlineMs: 300 })).rejects.toMatchObject({
      code: 'E-DEADLINE',
      retryable: true,
    });
    const stop = new AbortController();
    const waiting = lost.publish(ResourceSynced, synced(), { signal: stop.signal });
    stop.abort(new Error('no longer wanted'));
    await expect(waiting).rejects.toThrow('no longer wanted');
  });
});

describe('executing a command', () => {
  test('gives how it was settled, as soon as it is: the listening came before the sending', async () => {
    await using auditor = await asService(broker, 'isolation-auditor');
    await using person = await asPerson(broker, 'operator');
    const settled = {
      commandId: 'command-1',
      type: AuditStart.type,
      outcome: 'rejected',
      code: 'E-ISO-ID',
      message: 'no such container',
      settledAt: new Date().toISOString(),
      deliveries: 1,
    } as const;
    // A stranger on the bus answers the instant the command passes, before the sender has its ack.
    const answer = person.execute(AuditStart, audit('settle-me'), { id: 'command-1' });
    await first(admin, admin.subscribeRaw(`${AuditStart.subject}.settle-me-too`), () =>
      person.send(AuditStart, audit('settle-me-too')),
    );
    await auditor.publish(STANDARD.isolation.settled, settled);
    expect(await answer).toEqual(settled);
  });

  test('ends with E-DEADLINE when nobody settles it, and with the signal', async () => {
    await using person = await asPerson(broker, 'operator');
    await expect(person.execute(AuditStart, audit('never'), { timeoutMs: 200 })).rejects.toMatchObject({
      code: 'E-DEADLINE',
      message: expect.stringContaining('isolation.audit-start'),
    });
    const stop = new AbortController();
    const waiting = person.execute(AuditStart, audit('never-2'), { signal: stop.signal });
    stop.abort(new Error('ctrl-c'));
    await expect(waiting).rejects.toThrow('ctrl-c');
  });
});
