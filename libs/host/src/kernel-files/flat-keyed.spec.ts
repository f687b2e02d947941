import { describe, expect, test } from 'vitest';
import { numberBehind, pickNumbers, singleNumber } from './flat-keyed.ts';

describe('numberBehind', () => {
  test('a key that is the beginning of a longer one is not taken for it', () => {
    const text = 'inactive_file_total 1\ninactive_file 2\nfile 3\n';
    expect(numberBehind(text, 'inactive_file')).toBe(2);
    expect(numberBehind(text, 'file')).toBe(3);
  });

  test('a key in the middle of a line is not a key', () => {
    expect(numberBehind('total_rss 5\n', 'rss')).toBeUndefined();
  });

  test('reads the separators of /proc/meminfo', () => {
    expect(numberBehind('MemTotal:       24684084 kB\nMemFree:  7 kB\n', 'MemFree')).toBe(7);
  });

  test('a key without a number is absent', () => {
    expect(numberBehind('memory max\n', 'memory')).toBeUndefined();
    expect(numberBehind('', 'memory')).toBeUndefined();
  });
});

test('pickNumbers leaves out what is not there instead of saying zero', () => {
  expect(pickNumbers('a 1\nc 0\n', { a: 'first', b: 'second', c: 'third' })).toEqual({ first: 1, third: 0 });
});

test.each([
  ['42\n', 42],
  ['max\n', undefined],
  ['', undefined],
  ['-1\n', undefined],
])('singleNumber(%j) is %j', (text, value) => {
  expect(singleNumber(text)).toBe(value);
});
