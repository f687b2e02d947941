import { describe, expect, test } from 'vitest';
import { Backoff } from './backoff.ts';
import { LineSplitter } from './lines.ts';
import { StreamPosition } from './position.ts';
import { SignalQueue } from './signal-queue.ts';

describe('lines', () => {
  test('chunks may cut a line and a character anywhere', () => {
    const bytes = Buffer.from('{"a":"ü"}\n\n{"b":1}\r\n{"c"');
    for (let size = 1; size <= bytes.length; size++) {
      const splitter = new LineSplitter(100);
      const lines: string[] = [];
      for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.subarray(at, at + size)));
      expect(lines.map((line) => line.trim())).toEqual(['{"a":"ü"}', '{"b":1}']);
    }
  });

  test('a line without an end does not grow for ever', () => {
    const splitter = new LineSplitter(10);
    splitter.push(Buffer.from('0123456789'));
    expect(() => splitter.push(Buffer.from('x'))).toThrow(RangeError);
    expect(() => new LineSplitter(10).push(Buffer.from('0123456789x\n'))).toThrow(RangeError);
  });
});

describe('position', () => {
  test('resumes before the last event, because two events may be published in the other order', () => {
    const position = new StreamPosition();
    expect(position.since).toBeUndefined();
    expect(position.admit('b', 10_000_000_100n)).toBe(true);
    expect(position.admit('a', 10_000_000_099n)).toBe(true);
    expect(position.since).toBe('8.000000099');
  });

  test('what comes again is recognised, also two events of the same instant', () => {
    const position = new StreamPosition();
    expect([
      position.admit('a', 5n),
      position.admit('b', 5n),
      position.admit('a', 5n),
      position.admit('b', 5n),
    ]).toEqual([true, true, false, false]);
  });

  test('a clock set back moves the position back', () => {
    const position = new StreamPosition();
    position.admit('a', 100_000_000_000n);
    position.admit('b', 50_000_000_000n);
    expect(position.since).toBe('48.000000000');
  });

  test('the clock of the engine is the start only when nothing better is known', () => {
    const given = new StreamPosition('12.000000005');
    given.startAt(99_000);
    expect(given.since).toBe('12.000000005');
    const open = new StreamPosition();
    open.startAt(99_000);
    expect(open.since).toBe('99.000000000');
  });

  test('memory is bounded, and what an engine can still replay is remembered', () => {
    const position = new StreamPosition();
    for (let i = 0; i < 10_000; i++) position.admit(`event ${i}`, BigInt(i));
    for (let i = 10_000 - 256; i < 10_000; i++) expect(position.admit(`event ${i}`, BigInt(i))).toBe(false);
    expect(position.admit('event 0', 0n)).toBe(true);
  });
});

test('back-off doubles up to its limit, never below half of it, and starts again after success', () => {
  const low = new Backoff({ firstMs: 100, maxMs: 1000, random: () => 0 });
  expect([low.next(), low.next(), low.next(), low.next(), low.next(), low.next()]).toEqual([
    50, 100, 200, 400, 500, 500,
  ]);
  low.reset();
  expect(low.next()).toBe(50);
  const high = new Backoff({ firstMs: 100, maxMs: 1000, random: () => 1 });
  expect(Array.from({ length: 40 }, () => high.next()).at(-1)).toBe(1000);
});

describe('queue', () => {
  test('gives everything in order, then ends', async () => {
    const queue = new SignalQueue<number>(1000);
    const taken: number[] = [];
    const taking = (async () => {
      for await (const item of queue) taken.push(item);
    })();
    for (let i = 0; i < 500; i++) {
      queue.push(i);
      if (i % 7 === 0) await Promise.resolve();
    }
    queue.end();
    await taking;
    expect(taken).toEqual(Array.from({ length: 500 }, (_, i) => i));
  });

  test('a producer that stopped at the limit goes on when half of it is taken', async () => {
    const queue = new SignalQueue<number>(4);
    for (let i = 0; i < 4; i++) queue.push(i);
    expect(queue.full).toBe(true);
    let free = false;
    const waiting = queue.halfEmpty(new AbortController().signal).then(() => (free = true));
    const reader = queue[Symbol.asyncIterator]();
    await reader.next();
    expect(free).toBe(false);
    await reader.next();
    await waiting;
    expect(queue.full).toBe(false);
  });

  test('nobody waits for room after the end', async () => {
    const queue = new SignalQueue<number>(1);
    queue.push(1);
    const abort = new AbortController();
    const waiting = queue.halfEmpty(abort.signal);
    abort.abort();
    await expect(waiting).resolves.toBeUndefined();
  });
});
