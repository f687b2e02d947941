import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { H, ResourceSynced, Watermarks } from '@seatrial/contracts';
import { startBroker, until } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { asPerson, asService, collect } from '../../contract/bus/client.ts';
import { synced } from '../../contract/bus/messages.ts';

/** Times that the broker is killed. */
const KILLS = 4;
/** Publishes in flight. */
const WINDOW = 64;

test('nats-server killed again and again under publishing load: nothing that was acknowledged is lost, nothing is there twice', async () => {
  const storeDir = mkdtempSync(join(tmpdir(), 'seatrial-store-'));
  try {
    await using broker = await startBroker({ storeDir });
    await using bus = await asService(broker, 'collector');
    const acknowledged = new Map<string, number>();
    let n = 0;
    let stop = false;
    const publisher = async (): Promise<void> => {
      while (!stop) {
        const id = `load-${n++}`;
        const { sequence } = await bus.publish(ResourceSynced, synced(n), { id });
        acknowledged.set(id, sequence);
      }
    };
    const load = Promise.all(Array.from({ length: WINDOW }, publisher));
    for (let kill = 1; kill <= KILLS; kill++) {
      const before = acknowledged.size;
      await until('it is under load', () => acknowledged.size > before + 500, { everyMs: 1 });
      await broker.kill();
      await broker.restart();
      await until('it goes on', () => acknowledged.size > before + 600);
    }
    stop = true;
    await load;
    expect(bus.metrics.reconnects.total).toBeGreaterThanOrEqual(KILLS);
    expect(bus.metrics.publishFailures.total).toBe(0);
    // The kills hit publishes that were on their way; else this would show nothing.
    expect(bus.metrics.publishRetries.total).toBeGreaterThan(0);

    await using reader = await asPerson(broker, 'viewer');
    const stored = new Map<string, number[]>();
    for await (const { headers, sequence } of reader.readRaw('EVT', { filter: ResourceSynced.filter, follow: false })) {
      const id = headers.get(H.id) ?? '';
      stored.set(id, [...(stored.get(id) ?? []), sequence ?? 0]);
    }
    const lost = [...acknowledged].filter(([id, sequence]) => !stored.get(id)?.includes(sequence));
    expect(lost).toEqual([]);
    expect([...stored].filter(([, sequences]) => sequences.length > 1)).toEqual([]);
    expect(stored.size).toBe(acknowledged.size);
  } finally {
    rmSync(storeDir, { recursive: true, force: true });
  }
});

test('compare-and-set over a killed broker takes effect once: a repeated write is not taken for a conflict', async () => {
  await using broker = await startBroker();
  await using bus = await asService(broker, 'collector');
  const bucket = bus.bucket(Watermarks);
  const value = (i: number): { eventSince: string; updatedAt: string } => ({
    eventSince: `${i}.0`,
    updatedAt: new Date().toISOString(),
  });
  let revision = await bucket.create('counter', value(0));
  let writes = 0;
  let stop = false;
  const writing = (async () => {
    while (!stop) {
      revision = await bucket.update('counter', value(writes + 1), revision);
      writes++;
    }
  })();
  for (let kill = 0; kill < 3; kill++) {
    const before = writes;
    await until('it writes', () => writes > before + 50, { everyMs: 1 });
    await broker.kill();
    await broker.restart();
    await until('it goes on', () => writes > before + 60);
  }
  stop = true;
  await writing;
  expect(await bucket.get('counter')).toMatchObject({ value: { eventSince: `${writes}.0` }, revision });
});

test('a publish that waits for the broker ends with E-BUS-CLOSED when the bus is closed', async () => {
  await using broker = await startBroker();
  const bus = await asService(broker, 'collector');
  await broker.kill();
  await until('it notices', () => !bus.connected);
  const waiting = bus.publish(ResourceSynced, synced());
  const reading = collect(bus.bucket(Watermarks).watch());
  await bus.close();
  await expect(waiting).rejects.toMatchObject({ code: 'E-BUS-CLOSED' });
  expect(await reading).toEqual([]);
});
