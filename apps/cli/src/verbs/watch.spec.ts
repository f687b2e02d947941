import { unpainted } from '@seatrial/report';
import { describe, expect, test, vi } from 'vitest';

import { Flags, type FlagValue } from '../parse/flags.ts';
import type { Session } from '../session.ts';
import type { Source } from '../sources/source.ts';
import { memoryBus } from '../testing/memory-bus.ts';
import { testSession } from '../testing/session.ts';
import { watch } from './watch.ts';

interface Row {
  readonly name: string;
  readonly state: string;
  readonly load: number;
}

/** Watches rows that the test changes. */
function watched(rows: Row[], flags: Record<string, FlagValue> = {}, changes: Partial<Session> = {}) {
  const stop = new AbortController();
  const bus = memoryBus({});
  const { session, stdout } = testSession({ signal: stop.signal, ...changes });
  const load = vi.fn(async () => [...rows]);
  const source: Source<Row> = {
    load,
    kind: () => ({
      columns: [
        { key: 'name', header: 'NAME', cell: ({ name }) => name },
        { key: 'state', header: 'STATE', cell: ({ state }) => state },
        { key: 'load', header: 'LOAD', cell: ({ load: now }) => `${now} %` },
      ],
      name: ({ name }) => `row/${name}`,
      empty: 'no rows',
    }),
    data: (row) => row,
    state: ({ state }) => state,
    events: ['e'],
    ticks: 't',
  };
  const ended = watch(source, bus, new Flags(Object.entries({ output: 'table', ...flags })), session, unpainted);
  return {
    load,
    stdout,
    put: () => bus.put({}),
    end: async () => {
      stop.abort();
      bus.end();
      return ended;
    },
  };
}

describe('in a pipe', () => {
  test('every change is one line, values alone are none, and what is gone is named', async () => {
    const rows: Row[] = [
      { name: 'a', state: 'running', load: 1 },
      { name: 'b', state: 'running', load: 1 },
    ];
    const w = watched(rows);
    await vi.waitFor(() => expect(w.stdout()).toBe('NAME  STATE    LOAD\na     running  1 %\nb     running  1 %\n'));
    rows.splice(0, 2, { name: 'a', state: 'running', load: 9 }, { name: 'c', state: 'created', load: 0 });
    w.put();
    await vi.waitFor(() => expect(w.stdout().split('\n').slice(3)).toEqual(['c  created  0 %', 'removed  row/b', '']));
    expect(await w.end()).toBe(130);
  });

  test('as ndjson every change is one object', async () => {
    const rows: Row[] = [{ name: 'a', state: 'running', load: 1 }];
    const w = watched(rows, { output: 'ndjson' });
    await vi.waitFor(() => expect(w.stdout()).toContain('"a"'));
    rows.pop();
    w.put();
    await vi.waitFor(() =>
      expect(
        w
          .stdout()
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
      ).toEqual([{ name: 'a', state: 'running', load: 1 }, { removed: 'row/a' }]),
    );
    await w.end();
  });
});

describe('on a terminal', () => {
  test('the table is redrawn in place, four times a second at most', async () => {
    vi.useFakeTimers();
    const w = watched([{ name: 'a', state: 'running', load: 1 }], {}, { outIsTerminal: true });
    await vi.advanceTimersByTimeAsync(0);
    for (let at = 0; at < 1000; at += 1) {
      w.put();
      await vi.advanceTimersByTimeAsync(1);
    }
    expect(w.load.mock.calls.length).toBeGreaterThan(2);
    expect(w.load.mock.calls.length).toBeLessThanOrEqual(5);
    expect(w.stdout().split('\u001b[H\u001b[J')).toHaveLength(w.load.mock.calls.length + 1);
    vi.useRealTimers();
    await w.end();
  });

  test('a table that is higher than the window says how much it leaves out', async () => {
    const rows = Array.from({ length: 50 }, (_, at): Row => ({ name: `n${at}`, state: 'running', load: 1 }));
    const w = watched(rows, {}, { outIsTerminal: true, height: 12 });
    await vi.waitFor(() => expect(w.stdout()).toContain('... and 42 more; a taller window shows them'));
    await w.end();
    expect(w.stdout().split('\n').length).toBeLessThanOrEqual(12);
  });
});
