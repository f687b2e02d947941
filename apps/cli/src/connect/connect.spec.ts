import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { Flags } from '../parse/flags.ts';
import { findConnection } from './connection.ts';
import { fits } from './filter.ts';
import { listening, messagesOf } from './messages.ts';

async function collected<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

describe('a filter of the bus', () => {
  test.each([
    ['a.b', 'a.b', true],
    ['a.b', 'a.*', true],
    ['a.b.c', 'a.*', false],
    ['a.b.c', 'a.>', true],
    ['a', 'a.>', false],
    ['a', 'a.b', false],
    ['a.b', '>', true],
  ])('%s fits %s: %s', (subject, filter, yes) => {
    expect(fits(subject, filter)).toBe(yes);
  });
});

describe('the connection', () => {
  let data: string;
  beforeEach(() => {
    data = mkdtempSync(join(tmpdir(), 'seatrial-connect-'));
  });
  afterEach(() => {
    rmSync(data, { recursive: true });
  });
  const find = (flags: Record<string, string> = {}, env: Record<string, string> = {}) =>
    findConnection(new Flags(Object.entries(flags)), { env: { SEATRIAL_ROOT: data, SEATRIAL_DATA: data, ...env } });

  test('is none when nobody names a bus', () => {
    expect(find()).toBeUndefined();
  });

  test('flags come before environment', () => {
    const env = { SEATRIAL_BUS: 'nats://env', SEATRIAL_CREDS: '/env/viewer.seed' };
    expect(find({}, env)).toMatchObject({
      url: 'nats://env',
      user: 'viewer',
      role: 'viewer',
      keyFile: '/env/viewer.seed',
    });
    expect(find({ bus: 'nats://flag', creds: '/flag/operator.seed' }, env)).toMatchObject({
      url: 'nats://flag',
      user: 'operator',
      role: 'operator',
      keyFile: '/flag/operator.seed',
    });
  });

  test('a key that is not named after a user is refused', () => {
    expect(() => find({ bus: 'nats://x', creds: '/home/me/my.seed' })).toThrow(
      expect.objectContaining({ code: 'E-FILE-INVALID' }),
    );
  });

  test('a plane whose supervisor is dead is none', () => {
    mkdirSync(data, { recursive: true });
    const stale = {
      format: 1,
      supervisor: '1.0',
      phase: 'ready',
      busUrl: 'nats://stale',
      processes: [],
      keep: false,
      demo: false,
      startedAt: '2026-11-25T10:00:00Z',
    };
    writeFileSync(join(data, 'run.json'), JSON.stringify(stale));
    expect(find()).toBeUndefined();
  });
});

test('a payload that is no JSON stays text', async () => {
  const raw = async function* () {
    yield {
      subject: 's',
      headers: new Map([['ce-id', '1']]),
      data: new TextEncoder().encode('{"a":1}'),
      time: new Date(5),
    };
    yield { subject: 's', headers: new Map(), data: new TextEncoder().encode('{'), time: new Date(6), sequence: 7 };
  };
  expect(await collected(messagesOf(raw()))).toEqual([
    { subject: 's', headers: { 'ce-id': '1' }, data: { a: 1 }, at: 5 },
    { subject: 's', headers: {}, data: '{', at: 6, sequence: 7 },
  ]);
});

test('listening begins before the first message is asked for', async () => {
  let started = false;
  const source = (async function* () {
    started = true;
    yield { subject: 's', headers: {}, data: 1, at: 0 };
  })();
  const order: string[] = [];
  const messages = await listening(source, async () => void order.push(started ? 'flushed after start' : 'too early'));
  expect(order).toEqual(['flushed after start']);
  expect(await collected(messages)).toHaveLength(1);
});
