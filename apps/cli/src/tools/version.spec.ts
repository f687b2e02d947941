import { expect, test } from 'vitest';
import { isAtLeast, versionIn } from './version.ts';

test('finds the version in what programs print', () => {
  expect(versionIn('nats-server: v2.15.1\n')).toBe('2.15.1');
  expect(versionIn('no version here')).toBeUndefined();
});

test.each([
  ['2.11.0', true],
  ['2.15.1', true],
  ['3.0.0', true],
  ['2.9.10', false],
  ['2.10.99', false],
])('%s against 2.11.0: %s', (version, expected) => {
  expect(isAtLeast(version, '2.11.0')).toBe(expected);
});
