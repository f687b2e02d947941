import { CollectorLeases, Watermarks } from '@seatrial/contracts';
import { compiled, spawnNode, startBroker, until, type Broker, type NodeProcess } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { asService } from '../../contract/bus/client.ts';

const TTL_MS = 1_500;

function holder(broker: Broker): NodeProcess {
  return spawnNode(compiled('./lease-holder.ts', import.meta.url), {
    env: { BUS_URL: broker.url, SEED_FILE: broker.seedFile('collector'), TTL_MS: String(TTL_MS) },
  });
}

test('a holder that is frozen past its time and comes back knows at once that it lost, and touches nothing', async () => {
  await using broker = await startBroker();
  await using first = holder(broker);
  const { fence } = await first.ready;
  await using bus = await asService(broker, 'collector');
  const contender = bus.lease(CollectorLeases, 'frozen', { ttlMs: TTL_MS });
  expect(await contender.tryAcquire()).toBeUndefined();
  first.say('1');
  expect(JSON.parse(await first.line((line) => line.includes('"look":"1"')))).toMatchObject({
    held: true,
    aborted: false,
  });

  const effect = async (): Promise<string | undefined> =>
    (await bus.bucket(Watermarks).get('effect'))?.value.eventSince;
  // What was on its way when it froze would arrive when it is back: for that there is the fence. Here nothing is.
  await until('its write is there', async () => (await effect()) === String(fence));
  first.signal('SIGSTOP');
  const second = await contender.acquire();
  expect(second.fence).toBeGreaterThan(Number(fence));
  await bus.bucket(Watermarks).put('effect', { eventSince: String(second.fence), updatedAt: new Date().toISOString() });
  // Said while it is frozen: it is the first thing that it reads when it is back, beside its late timers.
  first.say('2');
  first.signal('SIGCONT');
  expect(JSON.parse(await first.line((line) => line.includes('"look":"2"')))).toMatchObject({
    held: false,
    aborted: true,
  });
  await first.line((line) => line.includes('"lost"'));

  // The lease of the second is renewed on; what the first would have written is not there.
  const revision = async (): Promise<number> => (await bus.bucket(CollectorLeases).get('frozen'))?.revision ?? 0;
  const now = await revision();
  await until('it is renewed', async () => (await revision()) > now);
  expect(second.held).toBe(true);
  expect(await effect()).toBe(String(second.fence));
  await second.release();
});

test('a holder that is killed is followed when its time has passed', async () => {
  await using broker = await startBroker();
  await using first = holder(broker);
  const { fence } = await first.ready;
  await first.kill();
  await using bus = await asService(broker, 'collector');
  await using second = await bus.lease(CollectorLeases, 'frozen', { ttlMs: TTL_MS }).acquire();
  expect(second.fence).toBeGreaterThan(Number(fence));
});

test('of many contenders one holds it at a time, each with a greater fence, also over a killed broker', async () => {
  await using broker = await startBroker();
  const fences: number[] = [];
  let holders = 0;
  let most = 0;
  let killed = false;
  const contend = async (): Promise<void> => {
    await using bus = await asService(broker, 'collector');
    for (let round = 0; round < 2; round++) {
      await using lease = await bus.lease(CollectorLeases, 'many', { ttlMs: TTL_MS }).acquire();
      holders++;
      most = Math.max(most, holders);
      fences.push(lease.fence);
      if (fences.length === 3 && !killed) {
        killed = true;
        await broker.kill();
        await broker.restart();
      }
      await bus.bucket(CollectorLeases).get('many');
      holders--;
    }
  };
  await Promise.all(Array.from({ length: 4 }, contend));
  expect(killed).toBe(true);
  expect(most).toBe(1);
  expect(fences).toHaveLength(8);
  expect(fences.toSorted((a, b) => a - b)).toEqual(fences);
  expect(new Set(fences).size).toBe(8);
});

test('a lease that is held when its process closes the bus is free at once', async () => {
  await using broker = await startBroker();
  await using successor = await asService(broker, 'collector');
  const bus = await asService(broker, 'collector');
  const first = await bus.lease(CollectorLeases, 'closed').acquire();
  await bus.close();
  expect(first.held).toBe(false);
  // One look: a lease that waits for its end would need 15 s.
  await using second = await successor.lease(CollectorLeases, 'closed').tryAcquire();
  expect(second?.fence).toBeGreaterThan(first.fence);
});

test('a bus whose broker is gone closes although it holds a lease', async () => {
  await using broker = await startBroker();
  const bus = await asService(broker, 'collector');
  const lease = await bus.lease(CollectorLeases, 'orphan').acquire();
  await broker.kill();
  await until('it notices', () => !bus.connected);
  await bus.close();
  expect(lease.held).toBe(false);
});
