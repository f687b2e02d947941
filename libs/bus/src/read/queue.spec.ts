import { expect, test } from 'vitest';

import { Queue } from './queue.ts';

async function rest<T>(queue: Queue<T>): Promise<T[]> {
  const all: T[] = [];
  for (let next = await queue.next(); next !== undefined; next = await queue.next()) all.push(next.item);
  return all;
}

test('gives items in order to a reader that comes before or after them', async () => {
  const queue = new Queue<number>();
  const first = queue.next();
  for (let i = 0; i < 5_000; i++) queue.push(i);
  queue.end();
  queue.push(-1);
  expect(await first).toEqual({ item: 0 });
  expect(await rest(queue)).toEqual(Array.from({ length: 4_999 }, (_, i) => i + 1));
});

test('drops the oldest beyond its limit and counts it', async () => {
  const queue = new Queue<number>(3);
  for (let i = 0; i < 10; i++) queue.push(i);
  queue.end();
  expect(queue.dropped).toBe(7);
  expect(await rest(queue)).toEqual([7, 8, 9]);
});

test('keeps its limit for a reader that is always behind', async () => {
  const queue = new Queue<number>(100);
  const seen: number[] = [];
  for (let i = 0; i < 10_000; i++) {
    queue.push(i);
    if (i % 3 === 0) seen.push((await queue.next())?.item ?? -1);
  }
  queue.end();
  const all = [...seen, ...(await rest(queue))];
  expect(all.toSorted((a, b) => a - b)).toEqual(all);
  expect(all.length + queue.dropped).toBe(10_000);
});

test('an error reaches the reader after what came before it; discarding does not', async () => {
  const failed = new Queue<number>();
  failed.push(1);
  failed.end(new Error('gone'));
  expect(await failed.next()).toEqual({ item: 1 });
  await expect(failed.next()).rejects.toThrow('gone');
  const discarded = new Queue<number>();
  discarded.push(1);
  const waiting = new Queue<number>();
  const next = waiting.next();
  discarded.discard();
  waiting.discard();
  expect(await discarded.next()).toBeUndefined();
  expect(await next).toBeUndefined();
});
