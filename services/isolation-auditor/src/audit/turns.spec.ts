import { expect, test } from 'vitest';

import { Turns } from './turns.ts';

test('work runs in the order in which it came, one at a time, and a failure stops nobody else', async () => {
  const turns = new Turns();
  const log: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = turns.take(async () => {
    log.push('first begins');
    await gate.promise;
    log.push('first ends');
  });
  const second = turns.take(async () => {
    log.push('second');
    throw new Error('second fails');
  });
  const third = turns.take(async () => log.push('third'));
  gate.resolve();
  await first;
  await expect(second).rejects.toThrow('second fails');
  await third;
  expect(log).toEqual(['first begins', 'first ends', 'second', 'third']);
});
