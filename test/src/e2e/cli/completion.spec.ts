import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';

import { freshFolder } from './folder.ts';
import { run, runCli } from './run-cli.ts';

/** A data folder whose last look at the bus showed these hosts. */
function planeFolder() {
  const folder = freshFolder();
  mkdirSync(join(folder.path, 'cache'));
  writeFileSync(
    join(folder.path, 'cache', 'names.json'),
    JSON.stringify({ hosts: ['node-1', 'node-2', 'other', '$(touch owned)'] }),
  );
  return folder;
}

/** Writes the script of a shell into the folder. */
async function scriptFor(shell: string, data: string): Promise<string> {
  const { exit, stdout } = await runCli(['completion', shell], { data });
  expect(exit).toBe(0);
  const file = join(data, `completion.${shell}`);
  writeFileSync(file, stdout);
  return file;
}

const has = (shell: string): boolean => spawnSync(shell, ['-c', 'exit 0']).status === 0;

describe('bash', () => {
  /** What TAB gives at the end of a line. */
  async function tab(line: string) {
    using folder = planeFolder();
    const script = await scriptFor('bash', folder.path);
    const press = `source '${script}' && source '${script}' || exit 9
COMP_LINE=$1; COMP_POINT=\${#1}; COMP_WORDS=($1); COMP_CWORD=\${#COMP_WORDS[@]}
_seatrial_complete
printf '%s\\n' "\${COMPREPLY[@]}"; ls owned 2>/dev/null`;
    const { exit, stdout, stderr } = await run(
      'bash',
      ['--norc', '-c', `cd '${folder.path}' && ${press}`, 'bash', line],
      { data: folder.path },
    );
    expect([exit === 9, stderr]).toEqual([false, '']);
    return stdout.trim().split('\n');
  }

  test.each([
    ['seatrial get hosts node', ['node-1', 'node-2']],
    ['./seatrial describe host ', ['node-1', 'node-2', 'other']],
    ['seatrial get findings --severity=c', ['critical']],
    ['seatrial get hosts -o j', ['json']],
    ['seatrial dlq ', ['list', 'show', 'replay']],
    ['seatrial get $(touch owned) ', ['']],
  ])('%s', async (line, offered) => {
    expect(await tab(line)).toEqual(offered);
  });
});

describe.skipIf(!has('fish'))('fish (skipped where it is not installed)', () => {
  test('loads and completes a host name', async () => {
    using folder = planeFolder();
    const script = await scriptFor('fish', folder.path);
    const { exit, stdout, stderr } = await run(
      'fish',
      ['--no-config', '-c', `source '${script}'; and complete -C 'seatrial get hosts node'`],
      { data: folder.path },
    );
    expect([exit, stderr]).toEqual([0, '']);
    expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual(expect.arrayContaining(['node-1', 'node-2']));
  });
});

describe.skipIf(!has('zsh'))('zsh (skipped where it is not installed)', () => {
  test('loads and completes a host name', async () => {
    using folder = planeFolder();
    const script = await scriptFor('zsh', folder.path);
    // Completion runs in the line editor only, so a terminal of zsh's own is typed into; the second TAB would list, one inserts the common start.
    const press = `
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell "PS1=; autoload -Uz compinit && compinit -u -D && source '${script}' && print ready\\$((1+1))"
zpty -r shell seen '*ready2*' || exit 8
zpty -n -w shell $'seatrial get hosts no\\t'
zpty -r shell seen '*node-*' || exit 7
print -r -- "$seen"
zpty -d shell`;
    const { stdout, exit } = await run('timeout', ['30', 'zsh', '-f', '-c', press], { data: folder.path });
    expect(exit).toBe(0);
    expect(stdout).toContain('seatrial get hosts node-');
  });
});

test('PowerShell gets a script that calls this program', async () => {
  using folder = planeFolder();
  const { exit, stdout } = await runCli(['completion', 'powershell'], { data: folder.path });
  expect(exit).toBe(0);
  expect(stdout).toContain('Register-ArgumentCompleter');
  expect(stdout).toContain(`'${process.execPath}'`);
});
