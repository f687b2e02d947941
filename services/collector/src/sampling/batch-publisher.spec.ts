import { SeatrialError, type SampleBatch } from '@seatrial/contracts';
import { expect, test } from 'vitest';

import { BatchPublisher } from './batch-publisher.ts';

const silent = { warn: () => undefined };
const batch = (samples: number): SampleBatch => ({
  v: 1,
  src: 'docker',
  tgt: 'docker',
  f: 1,
  t0: 0,
  iv: 10,
  rs: ['docker/a'],
  ss: [['m', {}]],
  ri: Array<number>(samples).fill(0),
  si: Array<number>(samples).fill(0),
  ts: Array<number>(samples).fill(0),
  vs: Array<number>(samples).fill(1),
});

/** A bus that stores nothing until it is told how each publish ends. */
class HeldBus {
  readonly asked: string[] = [];
  readonly #waiting: PromiseWithResolvers<never>[] = [];

  readonly publish = (_: unknown, __: unknown, options?: { id?: string; signal?: AbortSignal }): Promise<never> => {
    const held = Promise.withResolvers<never>();
    this.asked.push(options?.id ?? '');
    this.#waiting.push(held);
    options?.signal?.addEventListener('abort', () => held.reject(options.signal?.reason as Error));
    return held.promise;
  };

  end(error?: Error): void {
    for (const held of this.#waiting.splice(0)) {
      if (error === undefined) held.resolve(undefined as never);
      else held.reject(error);
    }
  }
}

const publisherOn = (bus: HeldBus): BatchPublisher => new BatchPublisher(bus as never, silent as never, { retryMs: 0 });

test('a bus that does not answer costs bounded memory: the newest are kept, what is dropped is counted', async () => {
  const bus = new HeldBus();
  const publisher = publisherOn(bus);
  for (let n = 0; n < 200; n++) publisher.add(`b${n}`, batch(3));
  expect(bus.asked).toHaveLength(16);
  expect(publisher.depth).toBe(64);
  expect(publisher.dropped.queueFull).toBe((200 - 16 - 64) * 3);

  const stopped = publisher.stop(60_000);
  while (publisher.published < 80 * 3) {
    bus.end();
    await new Promise(setImmediate);
  }
  await stopped;
  expect(bus.asked.slice(0, 16)).toEqual(Array.from({ length: 16 }, (_, n) => `b${n}`));
  expect(bus.asked.slice(16)).toEqual(Array.from({ length: 64 }, (_, n) => `b${n + 136}`));
  expect(publisher.dropped).toEqual({ queueFull: 360, refused: 0, stopped: 0 });
});

test('a bus that cannot store now is asked again with the same id', async () => {
  const bus = new HeldBus();
  const publisher = publisherOn(bus);
  publisher.add('b', batch(2));
  bus.end(new SeatrialError('full', { code: 'E-BUS-NOT-STORED', retryable: true }));
  while (bus.asked.length < 2) await new Promise(setImmediate);
  bus.end();
  await publisher.stop(60_000);
  expect(bus.asked).toEqual(['b', 'b']);
  expect([publisher.published, publisher.dropped.refused]).toEqual([2, 0]);
});

test('a batch that no try can mend is counted and does not hold up the next', async () => {
  const bus = new HeldBus();
  const publisher = publisherOn(bus);
  publisher.add('bad', batch(2));
  bus.end(new SeatrialError('wrong', { code: 'E-CONTRACT-PAYLOAD' }));
  await publisher.stop(60_000);
  expect(publisher.dropped).toEqual({ queueFull: 0, refused: 2, stopped: 0 });
  expect(publisher.published).toBe(0);
});

test('a stop gives up after its time, counts what it leaves, and takes nothing more', async () => {
  const bus = new HeldBus();
  const publisher = publisherOn(bus);
  for (let n = 0; n < 20; n++) publisher.add(`b${n}`, batch(1));
  await publisher.stop(5);
  expect(publisher.dropped.stopped).toBe(20);
  publisher.add('late', batch(1));
  expect(publisher.dropped.stopped).toBe(21);
  expect(bus.asked).toHaveLength(16);
});
