import { describe, expect, test } from 'vitest';

import { Pending } from './pending.ts';

const mention = (position: string) => ({ action: 'start', position, at: '2026-01-02T03:04:05.000Z' });

describe('containers that events have named', () => {
  test('several events of one container are one look, and the first is the one that counts for the delay', async () => {
    const pending = new Pending();
    pending.add('a', mention('1.000000000'));
    pending.add('b', mention('2.000000000'));
    pending.add('a', mention('3.000000000'));
    const named = await pending.take(new AbortController().signal);
    expect([...named].map(([id, { position }]) => [id, position])).toEqual([
      ['a', '1.000000000'],
      ['b', '2.000000000'],
    ]);
  });

  test('a waiting look is woken by the first event', async () => {
    const pending = new Pending();
    const look = pending.take(new AbortController().signal);
    pending.add('a', mention('1.000000000'));
    expect([...(await look).keys()]).toEqual(['a']);
  });

  test('what was taken is not taken again', async () => {
    const pending = new Pending();
    const stop = new AbortController();
    pending.add('a', mention('1.000000000'));
    await pending.take(stop.signal);
    const next = pending.take(stop.signal);
    stop.abort();
    expect([...(await next).keys()]).toEqual([]);
  });
});
