import { FindingChanged, H, ResourceChanged, ResourceSynced, TargetStates, Watermarks } from '@seatrial/contracts';
import { startBroker, until, type Broker } from '@seatrial/testing';
import { headers } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { asPerson, asService, bareClient, collect, first, type TestBus } from './client.ts';
import { synced } from './messages.ts';

const N = 3_000;
let broker: Broker;
let bus: TestBus;
let reader: TestBus;
beforeAll(async () => {
  // `allow_responses` grants flow control by accident; without it the generated rights have to do.
  broker = await startBroker({ allowResponses: false });
  bus = await asService(broker, 'collector');
  reader = await asPerson(broker, 'viewer');
  // Large enough in all that the server asks for flow control.
  const attrs = { [`padding-${'x'.repeat(2_000)}`]: 1 };
  for (let i = 0; i < N; i += 100)
    await Promise.all(
      Array.from({ length: 100 }, (_, k) =>
        bus.publish(ResourceSynced, { ...synced(i + k), counts: { n: i + k, ...attrs } }, { id: `m${i + k}` }),
      ),
    );
});
afterAll(async () => {
  await bus.close();
  await reader.close();
  await broker[Symbol.asyncDispose]();
});

describe('reading what is stored', () => {
  test('gives everything in order, also to a slow reader, and ends at the last message', async () => {
    const seen: number[] = [];
    for await (const { data, sequence, time } of reader.read(ResourceSynced, { follow: false })) {
      seen.push(data.counts['n'] ?? -1);
      if (seen.length % 500 === 0) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(sequence).toBe(seen.length);
      expect(time.getTime()).toBeGreaterThan(1_700_000_000_000);
    }
    expect(seen).toHaveLength(N);
    expect(seen.toSorted((a, b) => a - b)).toEqual(Array.from({ length: N }, (_, i) => i));
  });

  test('from a sequence, from a time, and of what does not exist', async () => {
    const from = await collect(reader.read(ResourceSynced, { from: { sequence: N - 4 }, follow: false }));
    expect(from.map(({ sequence }) => sequence)).toEqual([N - 4, N - 3, N - 2, N - 1, N]);
    const middle = from[2]?.time ?? new Date(0);
    const later = await collect(reader.read(ResourceSynced, { from: { time: middle }, follow: false }));
    expect(later.length).toBeGreaterThanOrEqual(3);
    expect(later.every(({ time }) => time >= middle)).toBe(true);
    expect(
      await collect(reader.read(ResourceSynced, { from: { time: new Date(Date.now() + 60_000) }, follow: false })),
    ).toEqual([]);
    expect(await collect(reader.read(FindingChanged, { follow: false }))).toEqual([]);
    expect(await collect(reader.read(ResourceSynced, { from: 'new', follow: false }))).toEqual([]);
  });

  test('following goes on with what comes later, and ends with the signal', async () => {
    const stop = new AbortController();
    const reading = reader.read(ResourceSynced, { from: { sequence: N }, follow: true, signal: stop.signal });
    const following = collect(reading, 3);
    await bus.publish(ResourceSynced, synced(), { id: 'later-1' });
    await bus.publish(ResourceSynced, synced(), { id: 'later-2' });
    expect((await following).slice(1).map(({ id }) => id)).toEqual(['later-1', 'later-2']);
    const idle = collect(reader.read(ResourceSynced, { from: 'new', follow: true, signal: stop.signal }));
    stop.abort();
    expect(await idle).toEqual([]);
  });

  test('counts and leaves out what cannot be decoded, forged messages among it', async () => {
    await using stranger = await bareClient(broker, 'collector');
    const send = async (
      id: string,
      change: (h: ReturnType<typeof headers>) => void,
      body = JSON.stringify({}),
    ): Promise<void> => {
      const h = headers();
      h.set(H.id, id);
      h.set(H.msgId, id);
      h.set(H.type, ResourceChanged.ceType);
      change(h);
      await stranger.request(`${ResourceChanged.subject}.docker.local.container`, body, { headers: h, timeout: 5_000 });
    };
    await send('no-json', () => undefined, '{');
    await send('no-fit', () => undefined);
    await send('came-back', (h) => h.set('Nats-Stream', 'KV_seatrial_watermarks'));
    await send('two-ids', (h) => h.set(H.id, 'another'));
    const invalid: string[] = [];
    const valid = await collect(
      reader.read(ResourceChanged, { follow: false, onInvalid: ({ code }) => void invalid.push(code) }),
    );
    expect(valid).toEqual([]);
    expect(invalid).toEqual(['E-CONTRACT-PAYLOAD', 'E-CONTRACT-PAYLOAD', 'E-BUS-FORGED', 'E-BUS-FORGED']);
    expect(reader.metrics.droppedInvalid.values.get('estate.resource-changed')).toBe(4);
  });

  test('goes on without a gap over a killed broker', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    const following = (async () => {
      for await (const { id } of reader.read(ResourceSynced, { from: 'new', follow: true, signal: stop.signal }))
        seen.push(id);
    })();
    await reader.flush();
    await bus.publish(ResourceSynced, synced(), { id: 'before' });
    await until('it is read', () => seen.includes('before'));
    await broker.kill();
    await broker.restart();
    // The publisher may be back before the reader is.
    await bus.publish(ResourceSynced, synced(), { id: 'after-1' });
    await bus.publish(ResourceSynced, synced(), { id: 'after-2' });
    await until('it is read', () => seen.includes('after-2'));
    stop.abort();
    await following;
    expect(seen).toEqual(['before', 'after-1', 'after-2']);
  });

  test('what one may not read is refused, naming who may', async () => {
    const refused = { code: 'E-PERM-SUBSCRIBE', message: expect.stringContaining('admin') };
    await expect(collect(reader.readRaw('DLQ', { filter: 'seatrial.dlq.>', follow: false }))).rejects.toMatchObject(
      refused,
    );
    await expect(collect(bus.read(FindingChanged, { follow: false }))).rejects.toMatchObject({
      code: 'E-PERM-SUBSCRIBE',
    });
    await expect(collect(bus.subscribe(FindingChanged))).rejects.toMatchObject({ code: 'E-PERM-SUBSCRIBE' });
    await expect(collect(reader.subscribeRaw('seatrial.cmd.>'))).rejects.toMatchObject(refused);
    await expect(collect(reader.subscribeRaw('_INBOX_collector.>'))).rejects.toMatchObject({
      code: 'E-PERM-SUBSCRIBE',
    });
  });

  test('a stream or bucket that is not there is named', async () => {
    await using empty = await startBroker({ provision: false });
    await using nobody = await asPerson(empty, 'viewer');
    await using owner = await asService(empty, 'collector');
    await expect(collect(nobody.read(ResourceSynced, { follow: true }))).rejects.toMatchObject({
      code: 'E-BUS-NOT-PROVISIONED',
      message: expect.stringContaining('EVT'),
    });
    const states = owner.bucket(TargetStates);
    await expect(states.get('local')).rejects.toMatchObject({
      code: 'E-BUS-NOT-PROVISIONED',
      message: expect.stringContaining('target-states'),
    });
    await expect(states.entries()).rejects.toMatchObject({ code: 'E-BUS-NOT-PROVISIONED' });
  });
});

describe('listening live', () => {
  test('gives events as they come, decoded', async () => {
    const got = await first(reader, reader.subscribe(ResourceSynced), () =>
      bus.publish(ResourceSynced, synced(7), { id: 'live' }),
    );
    expect(got).toMatchObject({ id: 'live', data: synced(7) });
    expect(got.sequence).toBeUndefined();
  });

  test('leaves no subscription behind', async () => {
    const before = reader.connection.nc.stats();
    for (let i = 0; i < 5; i++)
      await first(reader, reader.subscribe(ResourceSynced), () => bus.publish(ResourceSynced, synced()));
    await reader.flush();
    const { inMsgs } = reader.connection.nc.stats();
    expect(inMsgs).toBeGreaterThan(before.inMsgs);
    await bus.publish(ResourceSynced, synced());
    await reader.flush();
    expect(reader.connection.nc.stats().inMsgs).toBe(inMsgs);
  });
});

test('headers that no client can read end nobody: such a message counts as one without', async () => {
  await using stranger = await bareClient(broker, 'collector');
  // The server takes it; the client throws at the look.
  const unreadable = { encode: () => Buffer.from('NATS/1.0\r\nbad name: x\r\n\r\n') } as never;
  const changes: string[] = [];
  const stop = new AbortController();
  const bucket = bus.bucket(Watermarks);
  const watching = (async () => {
    for await (const change of bucket.watch({ signal: stop.signal }))
      if (change.op !== 'synced') changes.push(`${change.op} ${change.key}`);
  })();
  const value = JSON.stringify({ updatedAt: '2026-01-02T03:04:05Z' });
  stranger.publish(`$KV.${Watermarks.bucket}.odd`, value, { headers: unreadable });
  stranger.publish(`${ResourceSynced.subject}.docker.odd`, JSON.stringify(synced()), { headers: unreadable });
  await until('it is stored', async () => (await bucket.get('odd')) !== undefined);
  await bucket.put('even', { updatedAt: '2026-01-02T03:04:05Z' });
  await until('both are seen', () => changes.length >= 2);
  stop.abort();
  await watching;
  expect(changes).toEqual(['put odd', 'put even']);
  const codes: string[] = [];
  const filter = `${ResourceSynced.subject}.docker.odd`;
  await until('it is stored', async () => {
    await collect(
      reader.read(ResourceSynced, { filter, follow: false, onInvalid: ({ code }) => void codes.push(code) }),
    );
    return codes.length > 0;
  });
  expect(codes[0]).toBe('E-CONTRACT-PAYLOAD');
});
