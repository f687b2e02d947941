import { expect, test } from 'vitest';

import { ticks, warmUpThen, type Clock } from './ticks.ts';

/** A clock that stands still but for waiting and for `at`. */
class HandClock implements Clock {
  at: number;
  constructor(at: number) {
    this.at = at;
  }
  readonly now = (): number => this.at;
  readonly wait = async (ms: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    this.at += ms;
  };
}

/** Due times and skipped counts of the first ticks; `work` runs in each. */
async function first(
  count: number,
  clock: HandClock,
  work: (n: number) => void = () => undefined,
  of: typeof ticks = ticks,
): Promise<(readonly [dueMs: number, skipped: number])[]> {
  const seen: (readonly [number, number])[] = [];
  for await (const { dueMs, skipped } of of(10_000, new AbortController().signal, clock)) {
    seen.push([dueMs, skipped]);
    work(seen.length);
    if (seen.length === count) break;
  }
  return seen;
}

test('ticks are multiples of the interval', async () => {
  expect(await first(3, new HandClock(3_456))).toEqual([
    [10_000, 0],
    [20_000, 0],
    [30_000, 0],
  ]);
});

test('a firing that takes longer than the interval makes ticks be skipped, not queued', async () => {
  const clock = new HandClock(1);
  const seen = await first(3, clock, (n) => (clock.at += n === 1 ? 25_000 : 0));
  expect(seen).toEqual([
    [10_000, 0],
    [40_000, 2],
    [50_000, 0],
  ]);
});

test('a timer that fires early gives no second tick for the same time', async () => {
  const clock = new HandClock(1);
  const seen = await first(2, clock, () => (clock.at -= 2));
  expect(seen).toEqual([
    [10_000, 0],
    [20_000, 0],
  ]);
});

test('a clock that is set back does not silence the loop', async () => {
  const clock = new HandClock(3_600_001);
  const seen = await first(3, clock, (n) => (clock.at -= n === 1 ? 3_600_000 : 0));
  expect(seen.map(([due]) => due)).toEqual([3_610_000, 10_000, 20_000]);
});

test('the first two ticks come within two seconds, none comes twice', async () => {
  const seen = await first(4, new HandClock(8_500), undefined, warmUpThen);
  expect(seen.map(([due]) => due)).toEqual([9_000, 10_000, 20_000, 30_000]);
});

test('an abort ends the loop while it waits', async () => {
  const stop = new AbortController();
  const ended = (async () => {
    for await (const _ of ticks(3_600_000, stop.signal)) throw new Error('no tick is due within the hour');
  })();
  stop.abort();
  await expect(ended).resolves.toBeUndefined();
});
