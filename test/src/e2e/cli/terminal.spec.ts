import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { freshFolder } from './folder.ts';
import { CLI, run, runCli } from './run-cli.ts';

const ESC = '\u001b';

/** Runs the command line on a pseudo-terminal; its stdout and stderr come as one. */
async function onTerminal(line: string, env: Readonly<Record<string, string>> = {}) {
  using folder = freshFolder();
  return run('script', ['-qefc', `'${process.execPath}' '${CLI}' ${line}`, '/dev/null'], { data: folder.path, env });
}

test('a terminal gets colour', async () => {
  const { exit, stdout } = await onTerminal('explain dkr.privileged');
  expect(exit).toBe(0);
  expect(stdout).toContain(ESC);
});

test.each([
  ['NO_COLOR', 'explain dkr.privileged', { NO_COLOR: '1' }],
  ['--color never', 'explain dkr.privileged --color never', {}],
  ['a dumb terminal', 'explain dkr.privileged', { TERM: 'dumb' }],
])('with %s a terminal gets none', async (_what, line, env) => {
  const { exit, stdout } = await onTerminal(line, env);
  expect(exit).toBe(0);
  expect(stdout).toContain('dkr.privileged');
  expect(stdout).not.toContain(ESC);
});

test('a pipe gets colour only when it asks for it', async () => {
  using folder = freshFolder();
  const data = folder.path;
  expect((await runCli(['explain', 'dkr.privileged'], { data })).stdout).not.toContain(ESC);
  expect((await runCli(['explain', 'dkr.privileged'], { data, env: { FORCE_COLOR: '1' } })).stdout).toContain(ESC);
  expect((await runCli(['explain', 'dkr.privileged', '--color', 'always'], { data })).stdout).toContain(ESC);
});

test('hostile names in a file cannot act on the terminal', async () => {
  using folder = freshFolder();
  const file = join(folder.path, 'saved.json');
  const name = '/\u001b[2J\u202e\r\nowned\u009b31m';
  writeFileSync(
    file,
    JSON.stringify([
      {
        Id: 'a'.repeat(64),
        Name: name,
        Config: { Image: name, Labels: { [name]: name } },
        HostConfig: { PidMode: 'host' },
      },
    ]),
  );
  for (const format of ['table', 'wide', 'json', 'ndjson', 'sarif', 'junit', 'md']) {
    const { exit, stdout } = await runCli(['scan', '--inspect', file, '-o', format], { data: folder.path });
    expect(exit).toBe(0);
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(stdout).toContain('dkr.ns.pid.host');
  }
});
