import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { layoutOf, type Layout } from '../layout.ts';
import { PLANE_VARIABLE } from '../plane/members.ts';
import { readRunState, runningPlane } from '../plane/run-state.ts';
import { isRunning, markOf, pidOf } from '../process/mark.ts';
import type { MemberSpec } from './member.ts';
import { Supervisor } from './supervisor.ts';

let root = '';
let layout: Layout;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'seatrial-plane-'));
  layout = layoutOf({ SEATRIAL_ROOT: root });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const spec = (name: MemberSpec['name'], script: string, changes: Partial<MemberSpec> = {}): MemberSpec => ({
  name,
  command: '/bin/sh',
  args: ['-c', script],
  env: process.env,
  cwd: root,
  logFile: join(root, `${name}.log`),
  graceMs: 5000,
  ...changes,
});
const take = (keep = false): Promise<Supervisor> => Supervisor.take({ layout, keep });
const never = (): undefined => undefined;

test('a plane has one supervisor at a time', async () => {
  await using first = await take();
  await expect(take()).rejects.toMatchObject({ code: 'E-CONFLICT-LOCK', details: { pid: process.pid } });
  await first.stop();
  await using second = await take();
  expect(second.state.phase).toBe('starting');
});

test('services end before their broker, and nothing is left', async () => {
  const supervisor = await take();
  const order = join(root, 'order');
  const noting = (name: string): string =>
    `trap "echo ${name} >>${order}; exit 0" TERM; echo up; while :; do sleep 0.01; done`;
  const bus = supervisor.start(spec('bus', noting('bus')), never);
  const service = supervisor.start(spec('collector', noting('collector')), never);
  for (const { logFile } of [bus, service]) await vi.waitFor(() => expect(readFileSync(logFile, 'utf8')).toBe('up\n'));
  expect(runningPlane(layout.runFile)?.processes.map(({ name }) => name)).toEqual(['bus', 'collector']);
  await supervisor.stop();
  expect(readFileSync(order, 'utf8')).toBe('collector\nbus\n');
  expect([bus.running, service.running]).toEqual([false, false]);
  expect(existsSync(layout.runFile)).toBe(false);
  expect(existsSync(layout.run)).toBe(false);
});

test('bus data stays where it is to be kept', async () => {
  const supervisor = await take(true);
  await supervisor.stop();
  expect(existsSync(layout.run)).toBe(true);
});

test('a member that dies is started again as the answer says, and is not ready meanwhile', async () => {
  await using supervisor = await take();
  const deaths: (number | null)[] = [];
  supervisor.start(spec('collector', 'exit 3'), (code, times) => {
    deaths.push(code);
    return times < 3 ? 0 : undefined;
  });
  await vi.waitFor(() => expect(deaths).toEqual([3, 3, 3]));
  expect(supervisor.state.processes).toMatchObject([{ name: 'collector', ready: false }]);
});

test('a stop while a member waits for its restart leaves it dead', async () => {
  const supervisor = await take();
  const died = vi.fn<() => number>(() => 60_000);
  supervisor.start(spec('collector', 'exit 1'), died);
  await vi.waitFor(() => expect(died).toHaveBeenCalledOnce());
  await supervisor.stop();
  expect(readRunState(layout.runFile)).toBeUndefined();
});

test('what a killed supervisor left is ended by the next one, recorded or not', async () => {
  const orphan = spawn('sleep', ['1000'], { env: { ...process.env, [PLANE_VARIABLE]: layout.data } });
  await once(orphan, 'spawn');
  const mark = markOf(orphan.pid ?? 0) ?? '';
  expect(isRunning(mark)).toBe(true);
  await using _supervisor = await take();
  expect(isRunning(mark)).toBe(false);
});

test('the environment of a member names its plane', async () => {
  await using supervisor = await take();
  const member = supervisor.start(spec('collector', 'sleep 1000'), never);
  const pid = pidOf(member.mark ?? '');
  await vi.waitFor(() =>
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0')).toContain(`${PLANE_VARIABLE}=${layout.data}`),
  );
});

test('the log of the run before stays beside the new one', async () => {
  for (const word of ['first', 'second']) {
    const supervisor = await take();
    const member = supervisor.start(spec('collector', `echo ${word}`), never);
    await vi.waitFor(() => expect(member.deaths).toBe(1));
    await supervisor.stop();
  }
  expect(readFileSync(join(root, 'collector.log'), 'utf8')).toBe('second\n');
  expect(readFileSync(join(root, 'collector.log.1'), 'utf8')).toBe('first\n');
});
