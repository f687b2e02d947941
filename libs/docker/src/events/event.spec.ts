import { describe, expect, test } from 'vitest';
import { parseEvent, parseSince, sinceText } from './event.ts';

const line = (changes: object = {}, timeNano = '1795570739560453392'): string =>
  JSON.stringify({
    status: 'start',
    id: 'abc',
    Type: 'container',
    Action: 'start',
    Actor: { ID: 'abc', Attributes: { image: 'web', name: 'shop-web' } },
    scope: 'local',
    time: 1_795_570_739,
    ...changes,
  }).replace(/}$/, `,"timeNano":${timeNano}}`);

describe('an event', () => {
  test('keeps every nanosecond', () => {
    expect(Number('1795570739560453392')).not.toBe(1_795_570_739_560_453_392n); // what JSON.parse would make of it
    expect(parseEvent(line())).toEqual({
      type: 'container',
      action: 'start',
      actorId: 'abc',
      attributes: { image: 'web', name: 'shop-web' },
      timeNano: 1_795_570_739_560_453_392n,
      atMs: 1_795_570_739_560.453,
    });
  });

  test('a command line or a health state behind the action is a detail', () => {
    expect(parseEvent(line({ Action: 'exec_create: sh -c "a: b"' }))).toMatchObject({
      action: 'exec_create',
      detail: 'sh -c "a: b"',
    });
    expect(parseEvent(line({ Action: 'health_status: healthy' }))).toMatchObject({
      action: 'health_status',
      detail: 'healthy',
    });
  });

  test('a label that looks like the time does not change it', () => {
    const attributes = { timeNano: '7', note: '"timeNano":8', '"timeNano":9': 'x' };
    expect(parseEvent(line({ Actor: { ID: 'abc', Attributes: attributes } }))?.timeNano).toBe(
      1_795_570_739_560_453_392n,
    );
  });

  test.each(['', 'not json', '[]', '{"Type":"container","timeNano":1}', line({ Actor: 'abc' }), line({}, '"1"')])(
    '%j is none',
    (text) => {
      expect(parseEvent(text)).toBeUndefined();
    },
  );
});

test('positions are written and read back exactly', () => {
  for (const nano of [0n, 1n, 999_999_999n, 1_000_000_000n, 1_795_570_739_060_453_392n])
    expect(parseSince(sinceText(nano))).toBe(nano);
  expect(sinceText(1_000_000_007n)).toBe('1.000000007');
  expect(parseSince('12')).toBe(12_000_000_000n);
  expect(parseSince('12.5')).toBe(12_500_000_000n);
  expect(() => parseSince('yesterday')).toThrow(SyntaxError);
});
