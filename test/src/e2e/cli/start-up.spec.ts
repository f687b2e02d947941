import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { freshFolder } from './folder.ts';
import { CLI, run, runCli } from './run-cli.ts';

/** Writes the address of every module that Node loads to stderr. */
const HOOK = `
import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) { process._rawDebug('loaded ' + url); return next(url, context); } });
`;

const HEAVY = /\/(@nats-io|@nestjs|@opentelemetry|zod|ajv|rxjs|yaml|isolation|contracts)\//;

async function loaded(...args: string[]): Promise<string[]> {
  using folder = freshFolder();
  const hook = join(folder.path, 'hook.mjs');
  writeFileSync(hook, HOOK);
  const { exit, stderr } = await run(process.execPath, ['--import', hook, CLI, ...args], { data: folder.path });
  expect(exit).toBe(0);
  return stderr.split('\n').filter((line) => line.startsWith('loaded '));
}

test.each([
  [['--help']],
  [['get', '--help']],
  [['--version']],
  [['help', 'dlq', 'list']],
  [['completion', 'bash']],
  [['complete', '--', 'get', '']],
])('%j loads neither bus nor telemetry', async (args) => {
  const modules = await loaded(...args);
  expect(modules.length).toBeGreaterThan(3);
  expect(modules.filter((line) => HEAVY.test(line))).toEqual([]);
});

test('the hook would notice: explain loads the catalogue', async () => {
  expect((await loaded('explain', 'dkr.privileged')).filter((line) => HEAVY.test(line))).not.toEqual([]);
});

test('a reader that has seen enough is no error', async () => {
  using folder = freshFolder();
  const pipe = `'${process.execPath}' '${CLI}' explain -o json | head -n 1; echo "\${PIPESTATUS[0]}"`;
  expect(await run('bash', ['-c', pipe], { data: folder.path })).toMatchObject({ stdout: '[\n0\n', stderr: '' });
});

test.each([
  ['| head -c 1; exit "${PIPESTATUS[0]}"', 3, 'gate: '],
  ['>/dev/full', 1, 'error[E-OUTPUT]: the result could not be written'],
])('a gate whose result goes to `%s` has not passed', async (where, exit, said) => {
  using folder = freshFolder();
  // Findings enough to fill a pipe many times: the reader is gone before all is written.
  const containers = Array.from({ length: 200 }, (_, at) => ({
    Id: String(at).padStart(64, '0'),
    Name: `/c${at}`,
    Config: {},
    HostConfig: { Privileged: true },
  }));
  writeFileSync(join(folder.path, 'saved.json'), JSON.stringify(containers));
  const line = `'${process.execPath}' '${CLI}' scan --inspect '${folder.path}/saved.json' --fail-on info -o json ${where}`;
  const ended = await run('bash', ['-c', line], { data: folder.path });
  expect([ended.exit, ended.stderr]).toEqual([exit, expect.stringContaining(said)]);
});

test('alone, without a plane, it says what to do next', async () => {
  using folder = freshFolder();
  const { exit, stdout, stderr } = await runCli([], { data: folder.path });
  expect([exit, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^No plane runs here\.\n\nNext\n( {2}\.\/seatrial .*\n){3}$/);
});
