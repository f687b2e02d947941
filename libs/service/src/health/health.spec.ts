import { expect, test } from 'vitest';

import { Health, type PartHealth } from './health.ts';

const OK: PartHealth = { status: 'ok' };
const DEGRADED: PartHealth = { status: 'degraded', code: 'E-ARCHIVE-FULL' };
const FAILED: PartHealth = { status: 'failed', code: 'E-BUS-UNREACHABLE' };

test.each([
  [[], 'unavailable'],
  [[OK, OK], 'ok'],
  [[OK, DEGRADED], 'degraded'],
  [[DEGRADED, FAILED], 'unavailable'],
] as const)('%j is %s', (parts, status) => {
  const health = new Health();
  for (const [index, part] of parts.entries()) health.register(`part-${index}`, () => part);
  expect(health.report.status).toBe(status);
});

test('a part is asked at every look, and may leave', () => {
  const health = new Health();
  let now: PartHealth = OK;
  health.register('bus', () => OK);
  const leave = health.register('archive', () => now);
  expect(health.report.status).toBe('ok');
  now = DEGRADED;
  expect(health.report.parts).toEqual({ bus: OK, archive: DEGRADED });
  leave();
  expect(health.report).toEqual({ status: 'ok', parts: { bus: OK } });
});

test('a part that cannot say how it is, is failed, not well', () => {
  const health = new Health();
  health.register('bus', () => {
    throw new Error('unclear');
  });
  expect(health.report).toEqual({
    status: 'unavailable',
    parts: { bus: { status: 'failed', code: 'E-INTERNAL', message: 'unclear' } },
  });
});

test('who is stopping is unavailable, however well', () => {
  const health = new Health();
  health.register('bus', () => OK);
  health.stopping();
  expect(health.report.status).toBe('unavailable');
});
