import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

import { HandlerOvertime, HandlerStopped, Terms } from './term.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const running = (): AbortSignal => new AbortController().signal;

describe('the time of a handler', () => {
  test('ends with its signal, each call after its own time', () => {
    const terms = new Terms('h', 30, running());
    const first = terms.open();
    vi.advanceTimersByTime(10);
    const second = terms.open();
    vi.advanceTimersByTime(19);
    expect([first.aborted, second.aborted]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect([first.aborted, second.aborted]).toEqual([true, false]);
    expect(first.signal.reason).toBeInstanceOf(HandlerOvertime);
    vi.advanceTimersByTime(10);
    expect(second.signal.reason).toBeInstanceOf(HandlerOvertime);
  });

  test('that ended in time never aborts, and the next one has all of its own', () => {
    const terms = new Terms('h', 20, running());
    const early = terms.open();
    early.close();
    vi.advanceTimersByTime(15);
    const late = terms.open();
    vi.advanceTimersByTime(19);
    expect([early.aborted, late.aborted]).toEqual([false, false]);
    vi.advanceTimersByTime(1);
    expect([early.aborted, late.aborted]).toEqual([false, true]);
  });

  test('ends with the process: for those that run and those that begin afterwards', () => {
    const shutdown = new AbortController();
    const terms = new Terms('h', 60_000, shutdown.signal);
    const before = terms.open();
    shutdown.abort();
    const after = terms.open();
    for (const term of [before, after]) expect(term.signal.reason).toBeInstanceOf(HandlerStopped);
  });

  test('gives up work that does not heed its signal, after a grace', async () => {
    const shutdown = new AbortController();
    const term = new Terms('h', 60_000, shutdown.signal).open();
    const held = expect(term.hold(new Promise(() => undefined))).rejects.toBeInstanceOf(HandlerStopped);
    shutdown.abort();
    await vi.advanceTimersByTimeAsync(2_000);
    await held;
  });

  test('does not disturb work that ends', async () => {
    const term = new Terms('h', 60_000, running()).open();
    expect(await term.hold(Promise.resolve(7))).toBe(7);
    await expect(term.hold(Promise.reject(new Error('x')))).rejects.toThrow('x');
  });
});
