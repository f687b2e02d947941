import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { lastLines, runCommand } from './command.ts';
import { markOf } from './mark.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'seatrial-command-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test('both streams are kept, in the result and in the log', async () => {
  const logFile = join(directory, 'log');
  const result = await runCommand('/bin/sh', ['-c', 'echo out; echo err >&2; exit 3'], { logFile });
  expect(result).toMatchObject({ ok: false, code: 3 });
  expect(result.output.split('\n').toSorted((a, b) => a.localeCompare(b))).toEqual(['', 'err', 'out']);
  expect((await readFile(logFile, 'utf8')).length).toBe(result.output.length);
});

test('a program that is not there is a result, no exception', async () => {
  expect(await runCommand('/nowhere/program', [])).toMatchObject({
    ok: false,
    code: undefined,
    output: expect.stringContaining('ENOENT'),
  });
});

test('an abort takes the children of the program along', async () => {
  const stop = new AbortController();
  const pidFile = join(directory, 'pid');
  const running = runCommand('/bin/sh', ['-c', `sleep 1000 & echo $! >${pidFile}; wait`], { signal: stop.signal });
  const grandchild = await vi.waitFor(async () => {
    const pid = Number.parseInt(await readFile(pidFile, 'utf8'), 10);
    expect(markOf(pid)).toBeDefined();
    return pid;
  });
  stop.abort();
  expect(await running).toMatchObject({ ok: false });
  await vi.waitFor(() => expect(markOf(grandchild)).toBeUndefined());
});

test('nothing is started after the abort', async () => {
  expect(await runCommand('/bin/sh', ['-c', `echo >${directory}/made`], { signal: AbortSignal.abort() })).toMatchObject(
    { ok: false },
  );
  await expect(readFile(join(directory, 'made'))).rejects.toThrow('ENOENT');
});

test('the last lines of a text', () => {
  expect(lastLines('a\nb\nc\n', 2)).toBe('b\nc');
});
