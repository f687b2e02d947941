import { spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { endProcess, spawnDetached } from './detached.ts';
import { isRunning, markOf } from './mark.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'seatrial-detached-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const start = (script: string): ReturnType<typeof spawnDetached> =>
  spawnDetached('/bin/sh', ['-c', script], { env: process.env, logFile: join(directory, 'log') });

test('its output goes to the log, and its end is known', async () => {
  const child = start('echo out; echo err >&2; exit 3');
  expect(await child.exited).toBe(3);
  expect(await readFile(join(directory, 'log'), 'utf8')).toBe('out\nerr\n');
});

test('a process that ignores SIGTERM is killed after its grace, with its whole group', async () => {
  const child = start('trap "" TERM; sleep 1000 & echo $!; wait; wait');
  const grandchild = await vi.waitFor(async () => {
    const pid = Number.parseInt(await readFile(join(directory, 'log'), 'utf8'), 10);
    expect(markOf(pid)).toBeDefined();
    return pid;
  });
  await child.stop(50);
  expect(markOf(child.pid)).toBeUndefined();
  await vi.waitFor(() => expect(markOf(grandchild)).toBeUndefined());
});

test('a process that took over the id of another is never touched', async () => {
  const child = start('sleep 1000');
  await endProcess(`${child.pid}.1`, 0);
  expect(child.mark !== undefined && isRunning(child.mark)).toBe(true);
  await child.stop(1000);
});

test('a process that ended has no mark', () => {
  expect(markOf(spawnSync('true').pid)).toBeUndefined();
  expect(markOf(process.pid)).toMatch(new RegExp(`^${process.pid}\\.\\d+$`));
});
