import { expect, test } from 'vitest';

import { Coverage } from './coverage.ts';

const S = 1_000;
const ticksOf = (coverage: Coverage, from: number, to: number, step: number): void => {
  for (let at = from; at <= to; at += step) coverage.arrived('t', at * S, step * S);
};

test('all due ticks of the last minute are full coverage, whichever moment it is asked', () => {
  const coverage = new Coverage();
  ticksOf(coverage, 0, 120, 10);
  for (let now = 120; now < 130; now++) expect(coverage.of('t', now * S)).toBe(1);
});

test('missing ticks lower it, silence takes it to zero, and after two minutes nothing is known to be due', () => {
  const coverage = new Coverage();
  ticksOf(coverage, 0, 60, 10);
  expect(coverage.of('t', 91 * S)).toBeCloseTo(4 / 6);
  expect(coverage.of('t', 150 * S)).toBe(0);
  expect(coverage.of('t', 181 * S)).toBeUndefined();
  expect(coverage.of('never seen', 0)).toBeUndefined();
});

test('the loop with the fewest ticks counts', () => {
  const coverage = new Coverage();
  ticksOf(coverage, 0, 60, 10);
  ticksOf(coverage, 0, 30, 15);
  expect(coverage.of('t', 61 * S)).toBe(3 / 4);
});

test('several batches of one tick, and the quick ticks of a start, count once a slot', () => {
  const coverage = new Coverage();
  for (const at of [58, 59]) coverage.arrived('t', at * S, 10 * S);
  coverage.arrived('t', 60 * S, 10 * S);
  coverage.arrived('t', 60 * S, 10 * S);
  expect(coverage.of('t', 61 * S)).toBeCloseTo(2 / 6);
});
