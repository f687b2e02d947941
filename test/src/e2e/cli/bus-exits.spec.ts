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

/** Runs a command line as text and as JSON: both must end with this exit code, say the same and leave stdout empty. @returns the error of the JSON form */
async function failure(
  role: PersonRole,
  args: readonly string[],
  exit: number,
  env: Readonly<Record<string, string>> = {},
): Promise<{ code: string; message: string; hint: string }> {
  const json = await plane.cli(role, [...args, '-o', 'json'], { env });
  expect([json.exit, json.stdout]).toEqual([exit, '']);
  const { error } = JSON.parse(json.stderr);
  const text = await plane.cli(role, args, { env });
  expect([text.exit, text.stdout]).toEqual([exit, '']);
  expect(text.stderr).toContain(`error[${error.code}]: `);
  expect(text.stderr).toMatch(/\n {2}hint: {2}\S/);
  expect(error.hint).toMatch(/\S/);
  return error;
}

describe('4: not found', () => {
  test('an object names the nearest', async () => {
    expect(await failure('viewer', ['get', 'container', 'shop-wroker'], 4)).toMatchObject({
      code: 'E-ESTATE-NOT-FOUND',
      details: { nearest: ['shop-worker'] },
    });
  });
  test('a target', async () => {
    expect(await failure('viewer', ['describe', 'target', 'lokal'], 4)).toMatchObject({
      code: 'E-NOT-FOUND',
      hint: 'Did you mean `local`?',
    });
  });
  test('a finding', async () => {
    expect(await failure('viewer', ['get', 'finding', 'ffffffff'], 4)).toMatchObject({ code: 'E-NOT-FOUND' });
  });
  test('a dead letter', async () => {
    expect(await failure('admin', ['dlq', 'show', '4711'], 4)).toMatchObject({ code: 'E-DLQ-NOT-FOUND' });
  });
});

describe('5: not allowed', () => {
  test('a command needs its role', async () => {
    const { code, message } = await failure('viewer', ['scan'], 5);
    expect(code).toBe('E-PERM-PUBLISH');
    expect(message).toContain('viewer');
    expect(message).toContain('operator');
  });
  test('dead letters need theirs', async () => {
    expect(await failure('viewer', ['dlq', 'list'], 5)).toMatchObject({ code: 'E-PERM-SUBSCRIBE' });
  });
  test('a key that the bus does not know', async () => {
    const stranger = ensureKeys(join(plane.data, 'strangers')).seedFile('viewer');
    expect(await failure('viewer', ['get', 'hosts'], 5, { SEATRIAL_CREDS: stranger })).toMatchObject({
      code: 'E-AUTH-CREDS',
    });
  });
  test('a key file that is none', async () => {
    const broken = join(plane.data, 'operator');
    writeFileSync(broken, 'hello');
    expect(await failure('viewer', ['get', 'hosts'], 5, { SEATRIAL_CREDS: broken })).toMatchObject({
      code: 'E-AUTH-CREDS',
    });
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
    expect(await failure('operator', ['scan'], 6)).toMatchObject({
      code: 'E-SRC-UNREACHABLE',
      message: 'the engine is gone',
      hint: 'Start it.',
    });
  });
});

describe('7: the deadline', () => {
  test('of an audit whose end does not come', async () => {
    StandInAuditor.behaviour = 'stay-silent';
    const { code, hint } = await failure('operator', ['scan', '--timeout', '2s'], 7);
    expect(code).toBe('E-DEADLINE');
    expect(hint).toContain('the audit goes on');
  });
  test('of a service that is slow', async () => {
    const slow = Promise.withResolvers<void>();
    StandInCollector.ready = slow.promise;
    expect(await failure('viewer', ['get', 'targets', '--timeout', '1s'], 7)).toMatchObject({ code: 'E-DEADLINE' });
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

test('whoever watches is told that the bus is lost, and when it is back', async () => {
  let restarted = false;
  const { exit, stderr } = await plane.cli('viewer', ['get', 'hosts', '-w'], {
    watch: (seen, kill) => {
      if (seen.stdout.includes('node-1') && !restarted) {
        restarted = true;
        void plane.broker.restart();
      }
      if (seen.stderr.includes('is back')) kill('SIGINT');
    },
  });
  expect([exit, stderr]).toEqual([130, 'warning: bus lost, reconnecting\nthe bus is back\n']);
});

// Last: these take the plane apart.
describe('6: a plane that falls apart', () => {
  test('a service that is gone', async () => {
    await plane.auditor.close();
    expect(await failure('viewer', ['get', 'findings'], 6)).toMatchObject({ code: 'E-BUS-NO-RESPONDER' });
    const { exit, stdout } = await plane.cli('viewer', ['status']);
    expect(exit).toBe(6);
    expect(stdout).toMatch(/isolation-auditor +✗ no answer {2}E-BUS-NO-RESPONDER/);
  });
  test('a broker that is gone', async () => {
    await plane.broker.stop();
    expect(await failure('viewer', ['get', 'hosts'], 6)).toMatchObject({ code: 'E-BUS-UNREACHABLE' });
  });
});
