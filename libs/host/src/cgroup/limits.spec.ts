import { expect, test } from 'vitest';
import { coresOf, parseCpuMax, parseLimit } from './limits.ts';

test.each([
  ['67108864\n', 67_108_864],
  ['0\n', 0],
  ['max\n', null],
  ['-1\n', null],
  ['9223372036854771712\n', null], // v1 without a limit
  ['', undefined],
  ['12 monkeys\n', undefined],
])('parseLimit(%j) is %j', (text, value) => {
  expect(parseLimit(text)).toBe(value);
});

test.each([
  ['50000 100000\n', 0.5],
  ['max 100000\n', null],
  ['50000\n', undefined],
  ['50000 0\n', undefined],
])('parseCpuMax(%j) is %j', (text, value) => {
  expect(parseCpuMax(text)).toBe(value);
});

test('a quota without a period is not a limit of zero or infinity', () => {
  expect(coresOf(50_000, undefined)).toBeUndefined();
  expect(coresOf(null, undefined)).toBeNull();
});
