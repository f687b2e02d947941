import { expect, test } from 'vitest';
import { closingLines, exitOf, type TestOutcome } from './outcome.ts';

const passed: TestOutcome = { group: 'unit', name: 'a', state: 'passed' };
const failed: TestOutcome = { group: 'e2e', name: 'up > attaches', state: 'failed' };
const skipped: TestOutcome = { group: 'e2e', name: 'b', state: 'skipped', reason: 'no engine' };

test('the last line is exactly the two counts', () => {
  const lines = closingLines({ outcomes: [passed, failed, skipped], skippedGroups: [] });
  expect(lines.at(-1)).toBe('1 passed, 1 failed');
  expect(lines.filter((line) => /^\d+ passed, \d+ failed$/.test(line))).toHaveLength(1);
});

test('one failed test fails the run, and so does a run without a test', () => {
  expect(exitOf({ outcomes: [passed, skipped], skippedGroups: [] })).toBe(0);
  expect(exitOf({ outcomes: [passed, failed], skippedGroups: [] })).toBe(1);
  expect(exitOf({ outcomes: [], skippedGroups: [] })).toBe(1);
  expect(exitOf({ outcomes: [skipped], skippedGroups: [] })).toBe(1);
});

test('equal reasons of a skip are one line with their count, and a skipped group is listed', () => {
  const lines = closingLines({
    outcomes: [passed, skipped, skipped],
    skippedGroups: [{ group: 'faults', reason: 'the build failed' }],
  });
  expect(lines).toContain('      2  e2e       no engine');
  expect(lines).toContain('    all  faults    the build failed');
});

test('a failed test is named', () => {
  expect(closingLines({ outcomes: [failed], skippedGroups: [] })).toContain('  e2e       up > attaches');
});
