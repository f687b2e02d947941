import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PersonRole } from '@seatrial/contracts';
import { ensureKeys } from '@seatrial/infra';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startCliPlane, type CliPlane } from './plane.ts';
import { runCli } from './run-cli.ts';
import { StandInAuditor, StandInCollector } from './stand-ins.ts';

let plane: CliPlane;
beforeAll(async () => {
  plane = await startCliPlane();
});
afterAll(() => plane[Symbol.asyncDispose]());
beforeEach(() => {
  StandInAuditor.behaviour = 'complete';
});

/** Runs a command line as text and as JSON; both must say the same and leave stdout empty. */
async function fails(
  role: PersonRole,
  args: readonly string[],
  exit: number,
  code: string,
  env: Readonly<Record<string, string>> = {},
) {
  const text = await plane.cli(role, args, { env });
  expect([text.exit, text.stdout]).toEqual([exit, '']);
  expect(text.stderr).toContain(`error[${code}]: `);
  expect(text.stderr).toMatch(/\n {2}hint: {2}\S/);
  const json = await plane.cli(role, [...args, '-o', 'json'], { env });
  expect([json.exit, json.stdout]).toEqual([exit, '']);
  const { error } = JSON.parse(json.stderr);
  expect(error).toMatchObject({ code, hint: expect.stringMatching(/\S/) });
  return error;
}

describe('4: not found', () => {
  test('an object names the nearest', async () => {
    expect(await fails('viewer', ['get', 'container', 'shop-wroker'], 4, 'E-ESTATE-NOT-FOUND')).toMatchObject({
      details: { nearest: ['shop-worker'] },
    });
  });
  test('a target', async () => {
    expect(await fails('viewer', ['describe', 'target', 'lokal'], 4, 'E-NOT-FOUND')).toMatchObject({
      hint: 'Did you mean `local`?',
    });
  });
  test('a finding', () => fails('viewer', ['get', 'finding', 'ffffffff'], 4, 'E-NOT-FOUND'));
  test('a dead letter', () => fails('admin', ['dlq', 'show', '4711'], 4, 'E-DLQ-NOT-FOUND'));
});

describe('5: not allowed', () => {
  test('a command needs its role', async () => {
    const { message } = await fails('viewer', ['scan'], 5, 'E-PERM-PUBLISH');
    expect(message).toContain('viewer');
    expect(message).toContain('operator');
  });
  test('dead letters need theirs', () => fails('viewer', ['dlq', 'list'], 5, 'E-PERM-SUBSCRIBE'));
  test('a key that the bus does not know', async () => {
    const stranger = ensureKeys(join(plane.data, 'strangers')).seedFile('viewer');
    await fails('viewer', ['get', 'hosts'], 5, 'E-AUTH-CREDS', { SEATRIAL_CREDS: stranger });
  });
  test('a key file that is none', async () => {
    const broken = join(plane.data, 'operator');
    writeFileSync(broken, 'hello');
    await fails('viewer', ['get', 'hosts'], 5, 'E-AUTH-CREDS', { SEATRIAL_CREDS: broken });
  });
  test('no key at all', async () => {
    const { exit, stderr } = await runCli(['get', 'hosts', '--bus', plane.broker.url], { data: plane.data });
    expect(exit).toBe(5);
    expect(stderr).toContain('error[E-AUTH-REQUIRED]');
  });
  test('a subject that a viewer may not hear', async () => {
    const { exit, stderr } = await plane.cli('viewer', ['sub', 'seatrial.cmd.>']);
    expect(exit).toBe(5);
    expect(stderr).toContain('error[E-PERM-SUBSCRIBE]');
  });
});

describe('2: nothing is sent', () => {
  test('a payload that is larger than a message', async () => {
    const labels = { big: 'x'.repeat(300 * 1024) };
    const payload = JSON.stringify({ auditId: 'big', scope: { labels }, mode: 'declared' });
    const { exit, stderr } = await plane.cli('operator', ['pub', 'isolation.audit-start', '-'], { input: payload });
    expect([exit, stderr]).toEqual([2, expect.stringContaining('error[E-BUS-PAYLOAD-TOO-LARGE]')]);
  });
});

describe('6: unreachable', () => {
  test('the source of an audit', async () => {
    StandInAuditor.behaviour = 'reject';
    expect(await fails('operator', ['scan'], 6, 'E-SRC-UNREACHABLE')).toMatchObject({
      message: 'the engine is gone',
      hint: 'Start it.',
    });
  });
});

describe('7: the deadline', () => {
  test('of an audit whose end does not come', async () => {
    StandInAuditor.behaviour = 'stay-silent';
    const { hint } = await fails('operator', ['scan', '--timeout', '2s'], 7, 'E-DEADLINE');
    expect(hint).toContain('the audit goes on');
  });
  test('of a service that is slow', async () => {
    const slow = Promise.withResolvers<void>();
    StandInCollector.ready = slow.promise;
    await fails('viewer', ['get', 'targets', '--timeout', '1s'], 7, 'E-DEADLINE');
    slow.resolve();
  });
});

describe('130: Ctrl-C', () => {
  test('ends a subscription', async () => {
    const { exit, stdout } = await plane.cli('viewer', ['sub', 'isolation.finding'], {
      watch: ({ stderr }, kill) => stderr.includes('listening') && kill('SIGINT'),
    });
    expect([exit, stdout]).toEqual([130, '']);
  });
  test('ends a watch', async () => {
    const { exit, stdout } = await plane.cli('viewer', ['get', 'hosts', '-w'], {
      watch: (seen, kill) => seen.stdout.includes('node-1') && kill('SIGINT'),
    });
    expect(exit).toBe(130);
    expect(stdout.split('\n')).toHaveLength(3);
  });
  test('leaves an audit running and says so', async () => {
    StandInAuditor.behaviour = 'stay-silent';
    const { exit, stdout, stderr } = await plane.cli('operator', ['scan', '--progress', 'json'], {
      watch: (seen, kill) => seen.stderr.includes('waiting') && kill('SIGINT'),
    });
    expect([exit, stdout]).toEqual([130, '']);
    expect(stderr).toContain('interrupted; the audit goes on');
  });
});

// Last: these take the plane apart.
describe('6: a plane that falls apart', () => {
  test('a service that is gone', async () => {
    await plane.auditor.close();
    await fails('viewer', ['get', 'findings'], 6, 'E-BUS-NO-RESPONDER');
    const { exit, stdout } = await plane.cli('viewer', ['status']);
    expect(exit).toBe(6);
    expect(stdout).toMatch(/isolation-auditor +✗ no answer {2}E-BUS-NO-RESPONDER/);
  });
  test('a broker that is gone', async () => {
    await plane.broker.stop();
    await fails('viewer', ['get', 'hosts'], 6, 'E-BUS-UNREACHABLE');
  });
});
