import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { testSession } from '../testing/session.ts';
import { showProgress } from './progress.ts';
import { progressText } from './text.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('the text of a step', () => {
  test.each([
    [{ done: 26, total: 50, unit: 'hosts' }, 15_000, '[#####-----] 52% 26/50 hosts eta 0:14'],
    [{ done: 50, total: 50, unit: 'hosts' }, 15_000, '[##########] 100% 50/50 hosts'],
    [{ done: 0, total: 50, unit: 'hosts', phase: 'listing' }, 0, '[----------] 0% 0/50 hosts  listing'],
    [{ done: 7, unit: 'hosts' }, 61_000, '7 hosts  1:01'],
    [{ done: 0, unit: '', phase: 'waiting' }, 2000, '0:02  waiting'],
  ])('%j', (step, elapsed, text) => {
    expect(progressText(step, elapsed)).toBe(text);
  });
});

describe('on a terminal', () => {
  test('one line is redrawn four times a second at most, and is gone at the end', () => {
    const { session, stderr, stdout } = testSession({ errIsTerminal: true });
    {
      using progress = showProgress('audit', 'auto', session);
      for (let done = 0; done < 1000; done += 1) {
        progress.update({ done, total: 1000, unit: 'containers' });
        vi.advanceTimersByTime(1);
      }
    }
    const redraws = stderr().split('\r\u001b[K').slice(1);
    expect(redraws).toHaveLength(1 + 4 + 1);
    expect(redraws.at(-1)).toBe('');
    expect(stderr()).not.toContain('\n');
    expect(stdout()).toBe('');
  });

  test('a long line is cut, so that it can be redrawn', () => {
    const { session, stderr } = testSession({ errIsTerminal: true, errWidth: 20 });
    using progress = showProgress('a task with a long name', 'auto', session);
    progress.update({ done: 1, total: 2, unit: 'containers' });
    vi.advanceTimersByTime(250);
    for (const line of stderr().split('\r\u001b[K')) expect(line.length).toBeLessThan(20);
  });
});

test('in a pipe a line comes every ten seconds, a short task prints none', () => {
  const { session, stderr } = testSession();
  {
    using progress = showProgress('audit', 'auto', session);
    progress.update({ done: 1, total: 4, unit: 'containers' });
    vi.advanceTimersByTime(9999);
    expect(stderr()).toBe('');
    vi.advanceTimersByTime(20_001);
  }
  expect(stderr().split('\n')).toHaveLength(4);
  vi.advanceTimersByTime(60_000);
  expect(stderr().split('\n')).toHaveLength(4);
});

test('as JSON every change is one object', () => {
  const { session, stderr } = testSession({ errIsTerminal: true });
  using progress = showProgress('audit', 'json', session);
  progress.update({ done: 0, unit: 'containers', phase: 'sent' });
  progress.update({ done: 0, unit: 'containers', phase: 'sent' });
  progress.update({ done: 2, total: 4, unit: 'containers' });
  expect(
    stderr()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  ).toEqual([
    { task: 'audit', done: 0, total: null, unit: 'containers', phase: 'sent' },
    { task: 'audit', done: 2, total: 4, unit: 'containers', phase: null },
  ]);
});

test('none is none', () => {
  const { session, stderr } = testSession({ errIsTerminal: true });
  using progress = showProgress('audit', 'none', session);
  progress.update({ done: 1, unit: 'x' });
  vi.advanceTimersByTime(60_000);
  expect(stderr()).toBe('');
});
