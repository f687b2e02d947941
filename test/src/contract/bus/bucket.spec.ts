import { Kvm } from '@nats-io/kv';
import { jetstream } from '@nats-io/jetstream';
import { Watermarks } from '@seatrial/contracts';
import { startBroker, until, type Broker } from '@seatrial/testing';
import type { Change } from '@seatrial/bus';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { asService, bareClient, collect, type TestBus } from './client.ts';

/** More than the server sends without an answer to flow control. */
const MANY = 20_000;
let broker: Broker;
let bus: TestBus;
beforeAll(async () => {
  broker = await startBroker({ allowResponses: false });
  bus = await asService(broker, 'collector');
});
afterAll(async () => {
  await bus.close();
  await broker[Symbol.asyncDispose]();
});

const mark = (n: number): { eventSince: string; updatedAt: string } => ({
  eventSince: `${n}.0`,
  updatedAt: '2026-01-02T03:04:05Z',
});

describe('a bucket', () => {
  test('creates, reads, compares and sets, deletes and creates again', async () => {
    const bucket = bus.bucket(Watermarks);
    expect(await bucket.get('local.events')).toBeUndefined();
    const one = await bucket.create('local.events', mark(1));
    expect(await bucket.get('local.events')).toMatchObject({
      key: 'local.events',
      value: mark(1),
      revision: one,
      created: expect.any(Date),
    });
    await expect(bucket.create('local.events', mark(2))).rejects.toMatchObject({
      code: 'E-CONFLICT-REVISION',
      message: expect.stringContaining('exists already'),
    });
    const two = await bucket.update('local.events', mark(2), one);
    expect(two).toBeGreaterThan(one);
    await expect(bucket.update('local.events', mark(3), one)).rejects.toMatchObject({
      code: 'E-CONFLICT-REVISION',
      details: { expected: one },
    });
    await expect(bucket.delete('local.events', one)).rejects.toMatchObject({ code: 'E-CONFLICT-REVISION' });
    expect((await bucket.get('local.events'))?.value).toEqual(mark(2));
    await bucket.delete('local.events', two);
    expect(await bucket.get('local.events')).toBeUndefined();
    await expect(bucket.update('local.events', mark(3), two)).rejects.toMatchObject({ code: 'E-CONFLICT-REVISION' });
    expect(await bucket.create('local.events', mark(4))).toBeGreaterThan(two);
    expect(await bucket.put('local.events', mark(5))).toBeGreaterThan(two);
    await bucket.delete('never.there');
  });

  test('lets one of many through that set the same revision', async () => {
    const bucket = bus.bucket(Watermarks);
    const revision = await bucket.put('race', mark(0));
    const results = await Promise.allSettled(
      Array.from({ length: 20 }, (_, i) => bucket.update('race', mark(i), revision)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test('refuses values that do not fit, and keys that are none', async () => {
    const bucket = bus.bucket(Watermarks);
    await expect(async () => bucket.put('a', { ...mark(1), more: 1 } as never)).rejects.toMatchObject({
      code: 'E-CONTRACT-PAYLOAD',
      details: { pointer: '/more' },
    });
    for (const key of ['', '.', 'a.', '.a', 'a..b', 'a b', 'a.*', '>', 'ä', 'x'.repeat(257)])
      await expect(async () => bucket.get(key), key).rejects.toMatchObject({ code: 'E-BUS-CONFIG' });
    await expect(async () => collect(bucket.watch({ filter: 'a.>.b' }))).rejects.toMatchObject({
      code: 'E-BUS-CONFIG',
    });
  });

  test('is what other clients know as one', async () => {
    await using other = await bareClient(broker, 'collector');
    const bucket = bus.bucket(Watermarks);
    const kv = await new Kvm(jetstream(other, { checkAPI: false })).open(Watermarks.bucket, { allow_direct: false });
    const revision = await bucket.put('shared', mark(1));
    expect(await kv.get('shared')).toMatchObject({ revision });
    await kv.update('shared', JSON.stringify(mark(2)), revision);
    expect((await bucket.get('shared'))?.value).toEqual(mark(2));
    await kv.delete('shared');
    expect(await bucket.get('shared')).toBeUndefined();
    await kv.purge('shared');
    expect(await bucket.get('shared')).toBeUndefined();
  });
});

describe('watching', () => {
  test('gives the values that stand, the mark, then every change; values that do not fit are left out and counted', async () => {
    await using other = await bareClient(broker, 'collector');
    const bucket = bus.bucket(Watermarks);
    await bucket.put('w.a', mark(1));
    await bucket.put('w.b', mark(2));
    await bucket.delete('w.b');
    const stop = new AbortController();
    const changes: Change<unknown>[] = [];
    const watching = (async () => {
      for await (const change of bucket.watch({ filter: 'w.*', signal: stop.signal })) changes.push(change);
    })();
    await until('the snapshot is there', () => changes.some(({ op }) => op === 'synced'));
    expect(changes.map((c) => (c.op === 'synced' ? c.op : `${c.op} ${c.key}`))).toEqual([
      'put w.a',
      'delete w.b',
      'synced',
    ]);
    other.publish(`$KV.${Watermarks.bucket}.w.bad`, '{"updatedAt":7}');
    await other.flush();
    await bucket.put('w.c', mark(3));
    await bucket.delete('w.a');
    await bucket.put('elsewhere', mark(3));
    await until('the changes are there', () => changes.length >= 5);
    stop.abort();
    await watching;
    expect(changes.slice(3).map((c) => (c.op === 'synced' ? c.op : `${c.op} ${c.key}`))).toEqual([
      'put w.c',
      'delete w.a',
    ]);
    expect(bus.metrics.droppedInvalid.values.get(Watermarks.bucket)).toBe(1);
    await expect(bucket.get('w.bad')).rejects.toMatchObject({
      code: 'E-CONTRACT-PAYLOAD',
      message: expect.stringContaining('w.bad'),
    });
  });

  test('of an empty place gives the mark at once; without a snapshot only changes', async () => {
    const bucket = bus.bucket(Watermarks);
    expect(await bucket.entries({ filter: 'nothing.here.>' })).toEqual([]);
    const stop = new AbortController();
    const seen = collect(bucket.watch({ filter: 'x.>', snapshot: false, signal: stop.signal }), 1);
    await bus.flush();
    await bucket.put('x.y', mark(1));
    expect(await seen).toMatchObject([{ op: 'put', key: 'x.y' }]);
  });

  test('takes 20,000 values with the generated rights, flow control among them', async () => {
    const bucket = bus.bucket(Watermarks);
    await using other = await bareClient(broker, 'collector');
    for (let i = 0; i < MANY; i++) other.publish(`$KV.${Watermarks.bucket}.many.${i}`, JSON.stringify(mark(i)));
    await until('the last one is stored', async () => (await bucket.get(`many.${MANY - 1}`)) !== undefined);
    expect(await bucket.entries({ filter: 'many.*' })).toHaveLength(MANY);
  });

  test('goes on over a killed broker', async () => {
    const bucket = bus.bucket(Watermarks);
    const stop = new AbortController();
    const changes: Change<unknown>[] = [];
    const watching = (async () => {
      for await (const change of bucket.watch({ filter: 'k.>', signal: stop.signal })) changes.push(change);
    })();
    await until('the snapshot is there', () => changes.length === 1);
    await bucket.put('k.1', mark(1));
    await broker.kill();
    const late = bucket.put('k.2', mark(2));
    await broker.restart();
    await late;
    await until('both are there', () => changes.length >= 3);
    stop.abort();
    await watching;
    expect(changes.map((c) => (c.op === 'synced' ? c.op : `${c.op} ${c.key}`))).toEqual([
      'synced',
      'put k.1',
      'put k.2',
    ]);
  });
});
