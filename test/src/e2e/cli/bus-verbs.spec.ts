import { FindingChanged } from '@seatrial/contracts';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { startCliPlane, type CliPlane } from './plane.ts';
import { CONTAINER, FINDING, HOST, StandInAuditor } from './stand-ins.ts';

let plane: CliPlane;
beforeAll(async () => {
  plane = await startCliPlane();
});
afterAll(() => plane[Symbol.asyncDispose]());
beforeEach(() => {
  StandInAuditor.behaviour = 'complete';
});

const ESC = '\u001b';

describe('looking', () => {
  test('status tells every service, target and finding', async () => {
    const { exit, stdout, stderr } = await plane.cli('viewer', ['status']);
    expect([exit, stderr]).toEqual([0, '']);
    for (const word of ['✓ nats://127.0.0.1', 'as viewer', 'collector', 'isolation-auditor', 'local', '1 high'])
      expect(stdout).toContain(word);
  });

  test('alone it adds the next three commands', async () => {
    const { exit, stdout } = await plane.cli('viewer', []);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/Next\n( {2}\.\/seatrial .*\n){3}$/);
  });

  test('get in a pipe has no colour and units everywhere', async () => {
    const { exit, stdout, stderr } = await plane.cli('viewer', ['get', 'containers']);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).not.toContain(ESC);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^NAME +STATUS +LABEL +CPU CORES +MEMORY +TARGET$/),
      expect.stringMatching(/^shop-worker +✓ running +DEMO +0\.42 +64 MiB +local$/),
      '',
    ]);
  });

  test('get gives the same objects in every format of data', async () => {
    const json = JSON.parse((await plane.cli('viewer', ['get', 'ho', '-o', 'json'])).stdout);
    expect(json).toMatchObject([{ record: undefined, id: HOST.id, values: [] }].map(({ record: _, ...rest }) => rest));
    expect(JSON.parse((await plane.cli('viewer', ['get', 'ho', '-o', 'ndjson'])).stdout)).toEqual(json[0]);
    expect((await plane.cli('viewer', ['get', 'ho', '-o', 'yaml'])).stdout).toContain('- id: host/host\n');
    expect((await plane.cli('viewer', ['get', 'ho', '-o', 'name'])).stdout).toBe('host/node-1\n');
    expect(
      JSON.parse((await plane.cli('viewer', ['get', 'container', 'shop-worker', '-o', 'json'])).stdout),
    ).toMatchObject({ id: CONTAINER.id });
  });

  test('names that were listed are completed without the bus', async () => {
    await plane.cli('viewer', ['get', 'hosts']);
    expect(
      (
        await plane.cli('viewer', ['complete', '--', 'get', 'hosts', 'no'], {
          env: { SEATRIAL_BUS: 'nats://127.0.0.1:1' },
        })
      ).stdout,
    ).toBe('node-1\t\n:4\n');
  });

  test.each([
    [
      ['describe', 'container', 'shop-worker'],
      ['container shop-worker', 'DEMO', 'container.memory.usage', '64 MiB', 'dkr.ns.pid.host'],
    ],
    [
      ['describe', 'finding', '3f9a'],
      ['Evidence', '/HostConfig/PidMode', 'History', './seatrial explain dkr.ns.pid.host shop-worker'],
    ],
    [
      ['describe', 'target', 'local'],
      ['unix:///var/run/docker.sock', '✓ ok'],
    ],
    [
      ['explain', 'dkr.ns.pid.host', 'shop-worker'],
      ['why', 'fix', 'test the fix', 'verdict', 'the kernel'],
    ],
    [
      ['get', 'findings'],
      ['✗ HIGH', 'dkr.ns.pid.host', 'shop-worker', 'DEMO', '3f9a21bb'],
    ],
    [
      ['get', 'targets', '-o', 'wide'],
      ['docker', '20.10.24', '1 container'],
    ],
  ])('%j', async (args, words) => {
    const { exit, stdout, stderr } = await plane.cli('viewer', args);
    expect([exit, stderr]).toEqual([0, '']);
    for (const word of words) expect(stdout).toContain(word);
  });
});

describe('scan', () => {
  test('audits, then prints every finding; the gate exits with 3', async () => {
    const { exit, stdout, stderr } = await plane.cli('operator', [
      'scan',
      '-o',
      'json',
      '--fail-on',
      'high',
      '--progress',
      'json',
    ]);
    expect(exit).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      findings: [{ fingerprint: FINDING.fingerprint }],
      targets: [{ name: 'shop-worker', k: { host: 1 } }],
      summary: { targets: 1 },
    });
    const lines = stderr.trim().split('\n');
    expect(lines.pop()).toBe('gate: 1 finding at --fail-on high');
    for (const line of lines) expect(JSON.parse(line)).toMatchObject({ task: 'audit', unit: expect.any(String) });
  });

  test('progress never stands on stdout, and a short scan in a pipe shows none', async () => {
    const { exit, stdout, stderr } = await plane.cli('operator', ['scan']);
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout).toContain('1 container: 1 high; 41 checks passed.');
  });
});

describe('the bus itself', () => {
  test('req prints the answer', async () => {
    const { exit, stdout } = await plane.cli('viewer', ['req', 'estate.resources-list', '{"kinds":["host"]}']);
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ total: 1 });
  });

  test('pub follows a command to its end', async () => {
    const { exit, stdout } = await plane.cli('operator', ['pub', 'isolation.audit-start', '-', '-o', 'json'], {
      input: '{"auditId":"by-hand","scope":{},"mode":"declared"}',
    });
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'isolation.audit-start', outcome: 'accepted' });
  });

  test('sub prints what comes, events what was, both in order', async () => {
    const listening = plane.cli('viewer', ['sub', 'isolation.finding', '--count', '2', '-o', 'ndjson'], {
      watch: ({ stderr, stdout }) => {
        if (stderr.includes('listening') && stdout === '') void publishFindings();
      },
    });
    const { exit, stdout } = await listening;
    expect(exit).toBe(0);
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).data.state),
    ).toEqual(['open', 'resolved']);
    const events = await plane.cli('viewer', ['events', '--since', '5m', '--kind', 'finding', '-o', 'ndjson']);
    expect(
      events.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line).data.state),
    ).toEqual(['open', 'resolved']);
    const text = await plane.cli('viewer', ['events', '--since', '5m']);
    expect(text.stdout).toMatch(
      /^\d\d:\d\d:\d\d {2}isolation\.finding +resolved high dkr\.ns\.pid\.host shop-worker$/m,
    );
  });

  let published = false;
  async function publishFindings(): Promise<void> {
    if (published) return;
    published = true;
    for (const state of ['open', 'resolved'] as const)
      await plane.auditor.bus.publish(FindingChanged, { ...FINDING, state, cause: {}, groupId: 'g', memberCount: 1 });
  }

  test('a dead letter is listed, shown and replayed', async () => {
    StandInAuditor.behaviour = 'give-up';
    const failed = await plane.cli('operator', [
      'pub',
      'isolation.audit-start',
      '{"auditId":"dead","scope":{},"mode":"declared"}',
    ]);
    expect(failed).toMatchObject({ exit: 1, stdout: '' });
    expect(failed.stderr).toContain('error[E-BUS-HANDLER]: a planted defect');
    const [letter] = JSON.parse((await plane.cli('admin', ['dlq', 'list', '-o', 'json'])).stdout);
    expect(letter).toMatchObject({ data: { auditId: 'dead' }, headers: { 'seatrial-error': 'a planted defect' } });
    const table = await plane.cli('admin', ['dlq', 'list']);
    expect(table.stdout).toMatch(/SEQUENCE +WHEN +HANDLER/);
    const shown = await plane.cli('admin', ['dlq', 'show', String(letter.sequence)]);
    expect(shown.stdout).toContain('"auditId": "dead"');
    StandInAuditor.behaviour = 'complete';
    const replayed = await plane.cli('admin', ['dlq', 'replay', String(letter.sequence), '-o', 'json']);
    expect(replayed.exit).toBe(0);
    expect(JSON.parse(replayed.stdout)).toMatchObject({ type: 'isolation.dead-letter-replay', outcome: 'accepted' });
    expect(await plane.cli('admin', ['dlq', 'show', '999'])).toMatchObject({
      exit: 4,
      stderr: expect.stringContaining('E-DLQ-NOT-FOUND'),
    });
  });
});
