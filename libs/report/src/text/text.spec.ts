import { describe, expect, test } from 'vitest';
import { neutralise } from './neutralise.ts';
import { formatAgo, formatBytes, formatCount, formatDuration, formatShare } from './units.ts';
import { displayWidth, fit, fitMiddle, pad, wrap } from './width.ts';

describe('hostile text is shown, never obeyed', () => {
  test.each([
    ['an ANSI colour', 'a\u001b[31mb', 'a\\x1b[31mb'],
    ['the one-byte CSI', 'a\u009b2J', 'a\\x9b2J'],
    ['line breaks and tabs', 'a\r\nb\tc', 'a\\r\\nb\\tc'],
    ['a right-to-left override', 'a\u202egpj.exe', 'a\\u202egpj.exe'],
    ['a zero-width space', 'a\u200bb', 'a\\u200bb'],
    ['a line separator', 'a\u2028b', 'a\\u2028b'],
    ['a lone surrogate', 'a\ud800b', 'a\\ud800b'],
    ['a tag character', 'a\u{e0041}b', 'a\\u{e0041}b'],
    ['piled marks', `a${'\u0301'.repeat(4000)}`, 'a\u0301\u0301…'],
  ])('%s', (_what, text, shown) => {
    expect(neutralise(text)).toBe(shown);
  });

  test('letters of every script stay', () => {
    expect(neutralise('prüfung 検査 בדיקה ✓')).toBe('prüfung 検査 בדיקה ✓');
  });
});

describe('width', () => {
  test.each([
    ['plain', 5],
    ['検査', 4],
    ['e\u0301', 1],
    ['✓ ok', 4],
  ])('%s takes %i columns', (text, columns) => {
    expect(displayWidth(text)).toBe(columns);
  });

  test('a shortened text never exceeds its columns and never splits a wide character', () => {
    for (const text of ['abcdef', '検査検査', 'a検b査c', 'e\u0301'.repeat(9)]) {
      for (let columns = 0; columns <= 10; columns += 1) {
        expect(displayWidth(fit(text, columns))).toBeLessThanOrEqual(columns);
        expect(displayWidth(fitMiddle(text, columns))).toBeLessThanOrEqual(columns);
      }
    }
    expect(fit('検査検査', 4)).toBe('検…');
    expect(fit('abc', 3)).toBe('abc');
    expect(fitMiddle('seatrial-test-5bcbb0ac5f08', 12)).toBe('seatri…c5f08');
    expect(fitMiddle('abc', 3)).toBe('abc');
  });

  test('padding counts columns, not characters', () => {
    expect(pad('検', 4)).toBe('検  ');
    expect(pad('7', 3, 'right')).toBe('  7');
  });

  test('prose breaks at spaces and a long word keeps its line', () => {
    expect(wrap('aa bb cc', 5)).toEqual(['aa bb', 'cc']);
    expect(wrap('aaaaaaaa b', 4)).toEqual(['aaaaaaaa', 'b']);
  });
});

describe('every number has its unit', () => {
  test.each([
    [0, '0 B'],
    [512, '512 B'],
    [1536, '1.5 KiB'],
    [1_073_741_823, '1 GiB'],
    [25_769_803_776, '24 GiB'],
  ])('%i bytes', (bytes, text) => {
    expect(formatBytes(bytes).replace('1.0', '1')).toBe(text);
  });

  test.each([
    [0.4, '0.4 ms'],
    [340, '340 ms'],
    [1234, '1.2 s'],
    [59_990, '59 s'],
    [240_000, '4 min'],
    [10_800_000, '3 h'],
    [12 * 86_400_000, '12 d'],
  ])('%f ms', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });

  test('relative times', () => {
    const now = Date.parse('2026-11-25T10:00:00Z');
    expect(formatAgo('2026-11-25T09:59:48.400Z', now)).toBe('11 s ago');
    expect(formatAgo('2026-11-25T10:00:12Z', now)).toBe('in 12 s');
    expect(formatAgo(now - 500, now)).toBe('now');
    expect(formatAgo(undefined, now)).toBe('never');
    expect(formatAgo('yesterday', now)).toBe('never');
  });

  test('shares and counts', () => {
    expect(formatShare(0.032)).toBe('3.2 %');
    expect(formatShare(0.97)).toBe('97 %');
    expect(formatCount(1, 'finding')).toBe('1 finding');
    expect(formatCount(1284, 'finding')).toBe('1,284 findings');
    expect(formatCount(2, 'inventory', 'inventories')).toBe('2 inventories');
  });
});
