import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { markOf } from '../process/mark.ts';
import { PLANE_VARIABLE, planeMembers } from './members.ts';
import { readRunState, removeRunState, runningPlane, writeRunState, type RunState } from './run-state.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'seatrial-run-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const state = (supervisor: string): RunState => ({
  format: 1,
  supervisor,
  startedAt: '2026-11-25T00:00:00Z',
  phase: 'ready',
  busUrl: 'nats://127.0.0.1:7421',
  keep: false,
  processes: [],
});

test('what was written is read, and only its owner may read it', () => {
  const file = join(directory, 'data', 'run.json');
  writeRunState(file, state('1.1'));
  expect(readRunState(file)).toEqual(state('1.1'));
  expect(statSync(file).mode & 0o777).toBe(0o600);
  removeRunState(file);
  expect(readRunState(file)).toBeUndefined();
});

test('a half-written or foreign file is no state', () => {
  const file = join(directory, 'run.json');
  for (const text of ['{"format":1', '{}', 'null', '[]']) {
    writeFileSync(file, text);
    expect(readRunState(file)).toBeUndefined();
  }
});

test('the file of a supervisor that was killed is stale, also when its id lives on', () => {
  const file = join(directory, 'run.json');
  for (const mark of [`${spawnSync('true').pid}.5`, `${process.pid}.5`]) {
    writeRunState(file, state(mark));
    expect(runningPlane(file)).toBeUndefined();
  }
  const living = markOf(process.pid) ?? '';
  writeRunState(file, state(living));
  expect(runningPlane(file)?.supervisor).toBe(living);
});

test('a process that nobody recorded is found by its environment, one of another plane is not', async () => {
  const member = spawn('sleep', ['1000'], { env: { ...process.env, [PLANE_VARIABLE]: directory } });
  const stranger = spawn('sleep', ['1000'], { env: { ...process.env, [PLANE_VARIABLE]: `${directory}-other` } });
  await Promise.all([once(member, 'spawn'), once(stranger, 'spawn')]);
  expect(planeMembers(directory, undefined)).toEqual([markOf(member.pid ?? 0)]);
  member.kill('SIGKILL');
  stranger.kill('SIGKILL');
});
