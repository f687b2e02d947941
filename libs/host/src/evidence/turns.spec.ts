import { expect, test } from 'vitest';
import { Turns } from './turns.ts';

/** Holds the thread for at least `ms`, as reading many files does. */
function hold(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test('the event loop gets its turn between pieces of work that were all handed in at once', async () => {
  const turns = new Turns(2);
  const order: string[] = [];
  const work = Promise.all(
    Array.from({ length: 20 }, (_, i) =>
      turns.take(() => {
        hold(1);
        order.push(`piece ${i}`);
      }),
    ),
  );
  setImmediate(() => order.push('event loop'));
  await work;
  expect(order.indexOf('event loop')).toBeGreaterThanOrEqual(0);
  expect(order.indexOf('event loop')).toBeLessThan(order.indexOf('piece 19'));
  expect(order.filter((entry) => entry !== 'event loop')).toEqual(Array.from({ length: 20 }, (_, i) => `piece ${i}`));
});

test('a piece that throws fails alone', async () => {
  const turns = new Turns(5);
  const failing = turns.take(() => {
    throw new Error('unreadable');
  });
  const next = turns.take(() => 'read');
  await expect(failing).rejects.toThrow('unreadable');
  await expect(next).resolves.toBe('read');
});
