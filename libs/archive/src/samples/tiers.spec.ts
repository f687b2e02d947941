import { describe, expect, test } from 'vitest';

import { dayOf, HOUR_MS, hourOf, monthAfter, monthOf, planRange, type Reach } from './tiers.ts';

const DAY = 24 * HOUR_MS;
const NOW = Date.UTC(2026, 10, 25, 12, 34, 56);
const REACH: Reach = { native: 4 * HOUR_MS, '60s': 7 * DAY, '5m': 90 * DAY, '1h': 730 * DAY };

describe('planRange', () => {
  test('a tier holds a window that starts exactly at its reach, and not a millisecond earlier', () => {
    const plan = (from: number): string => planRange({ from, to: from + 60_000, step: 60_000 }, NOW, REACH).tier;
    expect(plan(NOW - 7 * DAY)).toBe('60s');
    expect(plan(NOW - 7 * DAY - 1)).toBe('5m');
    expect(plan(NOW - 90 * DAY)).toBe('5m');
    expect(plan(NOW - 90 * DAY - 1)).toBe('1h');
    expect(plan(NOW - 900 * DAY)).toBe('1h');
  });

  test('a step finer than every tier that still holds the window becomes the step of that tier', () => {
    expect(planRange({ from: NOW - DAY, to: NOW, step: 10_000 }, NOW, REACH)).toMatchObject({
      tier: '60s',
      stepMs: 60_000,
    });
  });

  test('a step becomes a multiple of the tier, and the window is aligned outwards to it', () => {
    const from = Date.UTC(2026, 10, 24, 1, 1, 1);
    const { tier, stepMs, ...window } = planRange({ from, to: from + 600_000, step: 90_000 }, NOW, REACH);
    expect([tier, stepMs]).toEqual(['60s', 120_000]);
    expect(window).toEqual({ from: Date.UTC(2026, 10, 24, 1, 0), to: Date.UTC(2026, 10, 24, 1, 12) });
  });

  test('raw is of the native tier only', () => {
    expect(() => planRange({ from: 0, to: 1, step: 'raw', tier: '5m' }, NOW, REACH)).toThrow(/raw/);
    expect(planRange({ from: 0, to: 1, step: 'raw' }, NOW, REACH)).toEqual({
      tier: 'native',
      stepMs: 0,
      from: 0,
      to: 1,
    });
  });
});

test('hours, days and months start in UTC, also before 1970 and in leap years', () => {
  expect(hourOf(-1)).toBe(-HOUR_MS);
  expect(dayOf(Date.UTC(2026, 1, 28, 23, 59, 59, 999))).toBe(Date.UTC(2026, 1, 28));
  expect(monthOf(Date.UTC(2028, 1, 29, 23))).toBe(Date.UTC(2028, 1));
  expect(monthAfter(Date.UTC(2026, 11, 31))).toBe(Date.UTC(2027, 0));
});
