import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

import { HandlerOvertime, HandlerStopped, Terms } from './term.ts';

const aborted = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason), { once: true }));

describe('the time of a handler', () => {
  test('ends with its signal, each call after its own time', async () => {
    const terms = new Terms('h', 30, new AbortController().signal);
    const ended: number[] = [];
    const open = async (n: number): Promise<void> => {
      const term = terms.open();
      expect(await aborted(term.signal)).toBeInstanceOf(HandlerOvertime);
      ended.push(n);
    };
    const first = open(1);
    await wait(10);
    const second = open(2);
    await Promise.all([first, second]);
    expect(ended).toEqual([1, 2]);
  });

  test('that ended in time never aborts, and the next one has all of its own', async () => {
    const terms = new Terms('h', 20, new AbortController().signal);
    const early = terms.open();
    early.close();
    await wait(10);
    const late = terms.open();
    expect(await aborted(late.signal)).toBeInstanceOf(HandlerOvertime);
    expect(early.aborted).toBe(false);
  });

  test('ends with the process: for those that run and those that begin afterwards', () => {
    const shutdown = new AbortController();
    const terms = new Terms('h', 60_000, shutdown.signal);
    const before = terms.open();
    shutdown.abort();
    const after = terms.open();
    for (const term of [before, after]) expect(term.signal.reason).toBeInstanceOf(HandlerStopped);
  });

  test('gives up work that does not heed its signal', async () => {
    const shutdown = new AbortController();
    const term = new Terms('h', 60_000, shutdown.signal).open();
    const held = term.hold(new Promise(() => undefined));
    shutdown.abort();
    await expect(held).rejects.toBeInstanceOf(HandlerStopped);
  });

  test('does not disturb work that ends', async () => {
    const term = new Terms('h', 60_000, new AbortController().signal).open();
    expect(await term.hold(Promise.resolve(7))).toBe(7);
    await expect(term.hold(Promise.reject(new Error('x')))).rejects.toThrow('x');
  });
});
