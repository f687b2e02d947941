import { describe, expect, test } from 'vitest';

import { isSuspect, mayStart, toAsk, type Hold } from './caution.ts';

const idle: Hold = {
  concurrency: 8,
  asked: 0,
  waiting: 0,
  running: 0,
  suspectsWaiting: 0,
  suspectRuns: false,
  cautious: false,
};

describe('asking', () => {
  test('takes as many as there are free handlers, and counts what was asked already', () => {
    expect(toAsk(idle)).toBe(8);
    expect(toAsk({ ...idle, running: 3, waiting: 1, asked: 2 })).toBe(2);
    expect(toAsk({ ...idle, running: 8 })).toBe(0);
    expect(toAsk({ ...idle, asked: 20 })).toBe(0);
  });
  test('takes redelivered messages one by one', () => {
    expect(toAsk({ ...idle, cautious: true })).toBe(1);
    expect(toAsk({ ...idle, cautious: true, asked: 1 })).toBe(0);
    expect(toAsk({ ...idle, cautious: true, running: 8 })).toBe(0);
  });
  test('takes nothing beside a suspect', () => {
    expect(toAsk({ ...idle, running: 1, suspectRuns: true })).toBe(0);
    expect(toAsk({ ...idle, waiting: 1, suspectsWaiting: 1 })).toBe(0);
  });
});

describe('starting', () => {
  test('a suspect starts when nothing runs, and nothing starts beside it', () => {
    expect(mayStart(idle, 3)).toBe(true);
    expect(mayStart({ ...idle, running: 1 }, 3)).toBe(false);
    expect(mayStart({ ...idle, running: 1, suspectRuns: true }, 1)).toBe(false);
  });
  test('others start while a handler is free', () => {
    expect(mayStart({ ...idle, running: 7 }, 2)).toBe(true);
    expect(mayStart({ ...idle, running: 8 }, 1)).toBe(false);
  });
});

/** Runs the rules against a server in memory: each process takes what it may until one of its messages kills it. */
function deaths(messages: number, poison: number, concurrency: number): { counts: number[]; done: Set<number> } {
  const counts = Array.from({ length: messages }, () => 0);
  const done = new Set<number>();
  for (let process = 0; process < 20 && !done.has(poison); process++) {
    // Redelivered messages come first, the poison last among them: the worst order for its neighbours.
    const queue = [...counts.keys()]
      .filter((m) => !done.has(m))
      .toSorted((a, b) => (counts[b] ?? 0) - (counts[a] ?? 0) || (a === poison ? 1 : -1));
    let cautious = true;
    let alive = true;
    while (alive && queue.length > 0) {
      const running: number[] = [];
      const waiting: number[] = [];
      const count = (m: number): number => counts[m] ?? 0;
      const hold = (): Hold => ({
        concurrency,
        asked: 0,
        waiting: waiting.length,
        running: running.length,
        suspectsWaiting: waiting.filter((m) => isSuspect(count(m))).length,
        suspectRuns: running.some((m) => isSuspect(count(m))),
        cautious,
      });
      for (let ask = toAsk(hold()); ask > 0 && queue.length > 0; ask = toAsk(hold())) {
        for (const m of queue.splice(0, ask)) {
          counts[m] = count(m) + 1;
          cautious = count(m) > 1;
          waiting.push(m);
        }
        while (waiting[0] !== undefined && mayStart(hold(), count(waiting[0]))) running.push(waiting.shift() as number);
      }
      // Everything that runs together ends together; the poison takes the others with it, unless it is given up before its handler.
      alive = !running.includes(poison) || count(poison) > 5;
      if (alive) for (const m of running) done.add(m);
    }
  }
  return { counts, done };
}

test.each([1, 2, 8, 16])('a message that kills its process is given up alone, %i handlers at once', (concurrency) => {
  for (const poison of [0, 3, 9]) {
    const { counts, done } = deaths(10, poison, concurrency);
    expect(done.size).toBe(10);
    expect(counts[poison]).toBe(6);
    expect(Math.max(...counts.toSpliced(poison, 1))).toBeLessThanOrEqual(5);
  }
});
