import { expect, test } from 'vitest';

import { coverage, rawColumns } from './series-columns.ts';

const SECOND = 1000;

test('due counts by the interval in force: 20 s for the first half, 60 s for the second', () => {
  const stretches = [
    { from: 0, to: 60 * SECOND, iv: 20 },
    { from: 60 * SECOND, to: 120 * SECOND, iv: 60 },
  ];
  expect(coverage(3, 0, 120 * SECOND, stretches)).toEqual({ present: 3, due: 4, ratio: 0.75 });
});

test('where no interval is known the one before counts on, and at the start the first one', () => {
  expect(coverage(1, 0, 100 * SECOND, [{ from: 40 * SECOND, to: 60 * SECOND, iv: 20 }])).toEqual({
    present: 1,
    due: 5,
    ratio: 0.2,
  });
});

test('nothing known is nothing due, and says null instead of full coverage', () => {
  expect(coverage(0, 0, 100 * SECOND, [])).toEqual({ present: 0, due: 0, ratio: null });
});

test('more samples than due is full coverage, not more', () => {
  expect(coverage(7, 0, 100 * SECOND, [{ from: 0, to: 100 * SECOND, iv: 20 }])).toEqual({
    present: 7,
    due: 7,
    ratio: 1,
  });
});

test('a sample that is a little late leaves no gap, one that is missing leaves one', () => {
  const at = (s: number): { t: number; value: number; iv: number } => ({ t: s * SECOND, value: s, iv: 10 });
  const { t, mean } = rawColumns([at(0), at(14), at(24), at(44)], 0, 50 * SECOND, 50 * SECOND);
  expect([...t]).toEqual([0, 14, 24, 34, 44].map((s) => s * SECOND));
  expect([...mean]).toEqual([0, 14, 24, Number.NaN, 44]);
});
