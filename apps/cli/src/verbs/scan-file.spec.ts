import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { runCli } from '../run-cli.ts';
import type { Session } from '../session.ts';
import { testSession } from '../testing/session.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seatrial-scan-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const ID = 'a'.repeat(64);

/** What `docker inspect` says of a container with nothing hardened. */
function container(name: string, hostConfig: object = {}, config: object = {}) {
  return {
    Id: ID,
    Name: `/${name}`,
    Created: '2026-11-25T09:00:00Z',
    State: { Status: 'exited', Running: false, Pid: 0 },
    Image: 'sha256:1',
    Config: { Image: 'seatrial-demo:local', User: '', Env: [], Labels: {}, ...config },
    HostConfig: {
      Privileged: false,
      UsernsMode: '',
      SecurityOpt: null,
      CapAdd: null,
      CapDrop: null,
      Devices: [],
      DeviceCgroupRules: null,
      GroupAdd: null,
      Runtime: 'runc',
      NetworkMode: 'bridge',
      PidMode: '',
      IpcMode: 'private',
      RestartPolicy: { Name: 'no' },
      ReadonlyRootfs: false,
      MaskedPaths: ['/proc/kcore'],
      ReadonlyPaths: ['/proc/sys'],
      ...hostConfig,
    },
    Mounts: [],
    NetworkSettings: { Networks: { bridge: {} } },
  };
}

function saved(content: unknown): string {
  const file = join(folder, 'saved.json');
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
}

async function cli(argv: readonly string[], changes: Partial<Session> = {}) {
  const { session, stdout, stderr } = testSession({
    env: { SEATRIAL_ROOT: folder, SEATRIAL_DATA: folder },
    ...changes,
  });
  const exit = await runCli(argv, session);
  return { exit, stdout: stdout(), stderr: stderr() };
}

describe('scan --inspect', () => {
  test('prints the one object of a scan, without bus and engine', async () => {
    const { exit, stdout, stderr } = await cli([
      'scan',
      '--inspect',
      saved([container('worker', { PidMode: 'host' })]),
      '-o',
      'json',
    ]);
    expect([exit, stderr]).toEqual([0, '']);
    const { findings, targets, summary } = JSON.parse(stdout);
    expect(findings.find((one: { checkId: string }) => one.checkId === 'dkr.ns.pid.host')).toMatchObject({
      status: 'fail',
      severity: 'high',
      primary: true,
      target: { platform: 'docker', id: ID, name: 'worker' },
      confidence: 'declared',
    });
    expect(findings.every(({ status }: { status: string }) => ['fail', 'unknown', 'waived'].includes(status))).toBe(
      true,
    );
    expect(targets).toMatchObject([{ name: 'worker', k: { host: expect.any(Number) } }]);
    expect(summary.status.fail).toBe(findings.filter(({ status }: { status: string }) => status === 'fail').length);
  });

  test('two scans give the same fingerprints', async () => {
    const file = saved([container('worker', { PidMode: 'host' }, { Env: ['DB_PASSWORD=hunter2'] })]);
    const [first, second] = [
      await cli(['scan', '--inspect', file, '-o', 'json']),
      await cli(['scan', '--inspect', file, '-o', 'json']),
    ];
    const of = (text: string) =>
      JSON.parse(text).findings.map(({ fingerprint, evidence }: { fingerprint: string; evidence: unknown }) => [
        fingerprint,
        evidence,
      ]);
    expect(of(first.stdout)).toEqual(of(second.stdout));
    expect(first.stdout).not.toContain('hunter2');
  });

  test.each(['table', 'wide', 'ndjson', 'sarif', 'junit', 'md'])('prints %s', async (format) => {
    const { exit, stdout } = await cli([
      'scan',
      '--inspect',
      saved([container('worker', { PidMode: 'host' })]),
      '-o',
      format,
    ]);
    expect(exit).toBe(0);
    expect(stdout).toContain('dkr.ns.pid.host');
  });

  test('reads standard input', async () => {
    const { exit, stdout } = await cli(['scan', '--inspect', '-'], {
      readInput: async () => JSON.stringify(container('worker')),
    });
    expect([exit, stdout.includes('dkr.user.root')]).toEqual([0, true]);
  });

  test('the gate exits with 3, with the whole report on stdout and the reason on stderr', async () => {
    const file = saved([container('worker', { PidMode: 'host' })]);
    const failed = await cli(['scan', '--inspect', file, '--fail-on', 'high', '-o', 'json']);
    expect([failed.exit, failed.stderr]).toEqual([3, 'gate: 1 finding at --fail-on high\n']);
    expect(JSON.parse(failed.stdout).findings.length).toBeGreaterThan(0);
    expect((await cli(['scan', '--inspect', file, '--fail-on', 'critical'])).exit).toBe(0);
  });

  test('an element that is no container is named, and the others are audited', async () => {
    const { exit, stdout, stderr } = await cli(['scan', '--inspect', saved([{ Id: 7 }, container('worker')])]);
    expect(exit).toBe(0);
    expect(stderr).toContain('warning[E-ISO-FACTS]');
    expect(stdout).toContain('1 container:');
  });

  test.each([
    ['a file that is not there', () => join(folder, 'none.json'), 'E-FILE-INVALID', 'there is no such file'],
    ['a directory', () => folder, 'E-FILE-INVALID', 'it is a directory'],
    ['a file that is not JSON', () => saved('{"a":'), 'E-FILE-INVALID', 'it is not JSON'],
    ['another kind of JSON', () => saved([1, 2]), 'E-ISO-FACTS', 'inspect document'],
    ['an empty object', () => saved({}), 'E-ISO-FACTS', 'inspect document'],
  ])('%s exits with 2', async (_what, file, code, message) => {
    const text = await cli(['scan', '--inspect', file()]);
    expect(text).toMatchObject({ exit: 2, stdout: '', stderr: expect.stringContaining(`error[${code}]`) });
    expect(text.stderr).toContain(message);
    const json = await cli(['scan', '--inspect', file(), '-o', 'json']);
    expect(json).toMatchObject({ exit: 2, stdout: '' });
    expect(JSON.parse(json.stderr).error).toMatchObject({ code, retryable: false });
  });

  test('a flag that would do nothing is refused', async () => {
    expect(await cli(['scan', '--inspect', saved([]), '--bus', 'nats://x'])).toMatchObject({
      exit: 2,
      stderr: expect.stringContaining('--bus does nothing with --inspect'),
    });
  });

  test('no containers is a clean, quiet result', async () => {
    expect(await cli(['scan', '--inspect', saved([])])).toMatchObject({
      exit: 0,
      stdout: '0 containers: no findings; 0 checks passed.\n',
      stderr: '',
    });
  });
});

describe('explain', () => {
  test('says why, fix and how to test it, without a bus', async () => {
    const { exit, stdout } = await cli(['explain', 'dkr.ns.pid.host']);
    expect(exit).toBe(0);
    for (const fact of ['why', 'passes when', 'fix', 'test the fix']) expect(stdout).toContain(fact);
  });

  test('alone lists every check', async () => {
    expect((await cli(['explain'])).stdout.trim().split('\n')).toHaveLength(43);
    expect(JSON.parse((await cli(['explain', '-o', 'json'])).stdout)).toHaveLength(42);
  });

  test('an unknown check exits with 4 and names the nearest', async () => {
    const { exit, stderr } = await cli(['explain', 'dkr.ns.pdi.host', '-o', 'json']);
    expect(exit).toBe(4);
    expect(JSON.parse(stderr).error).toMatchObject({
      code: 'E-NOT-FOUND',
      hint: expect.stringContaining('dkr.ns.pid.host'),
    });
  });
});
