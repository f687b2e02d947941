import { existsSync } from 'node:fs';
import { mkdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkout, NODE, NPM, pinnedNode, touchLater } from './checkout.ts';

const SHELLS = ['/bin/dash', '/bin/busybox sh'].filter((shell) => existsSync(shell.split(' ')[0] ?? ''));

describe.each(SHELLS)('under %s', (shell) => {
  test('a prepared checkout hands its arguments to the CLI, from any directory and through a symbolic link', async () => {
    await using tree = await checkout({ prepared: true });
    const link = join(tree.root, '../link');
    await symlink('tree/seatrial', link);
    const run = await tree.run(['scan', '-o', 'a b'], { shell, cwd: '/', script: link });
    expect(run).toMatchObject({ code: 0, stdout: `cli: ${tree.root}/apps/cli/dist/bundle/seatrial.mjs scan -o a b\n` });
  });

  test('dependencies and build are made once', async () => {
    await using tree = await checkout({ prepared: true });
    await tree.run(['status'], { shell });
    const first = await tree.calls();
    expect(first.filter((line) => line.startsWith('npm ci'))).toHaveLength(1);
    expect(first.filter((line) => line.includes('bin/tsc'))).toHaveLength(1);
    await tree.run(['status'], { shell });
    expect((await tree.calls()).slice(first.length)).toEqual([
      expect.stringContaining('versions.node'),
      expect.stringContaining('seatrial.mjs status'),
    ]);
  });

  test('without Node, npm and a registry the error has the commands to type', async () => {
    await using tree = await checkout();
    const run = await tree.run(['up'], { shell });
    expect(run).toMatchObject({ code: 1, stdout: '' });
    expect(run.stderr).toContain('error[E-ENV-NODE]');
    expect(run.stderr).toContain('apt-get install -y npm');
    expect(run.stderr).toContain('SEATRIAL_NPM_REGISTRY=');
  });

  test('Node is fetched from the registry that the environment names, and an older one is not used', async () => {
    await using tree = await checkout();
    const archive = await pinnedNode(tree, NODE);
    await tree.program('node', 'echo false');
    await tree.program('npm', NPM);
    await tree.program('curl', `echo "curl $*" >>"$LOG"; while [ "$1" != -o ]; do shift; done; cat ${archive} >"$2"`);
    const run = await tree.run(['status'], { shell, env: { SEATRIAL_NPM_REGISTRY: 'http://registry.test/' } });
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('cli: ') });
    expect((await tree.calls()).find((line) => line.startsWith('curl'))).toMatch(
      /http:\/\/registry\.test\/node-linux-\w+\/-\/node-linux-\w+-24\.21\.0\.tgz/,
    );
  });

  test('root on a bare Debian gets npm installed when it said --yes, and is not surprised otherwise', async () => {
    await using tree = await checkout();
    const archive = await pinnedNode(tree, NODE);
    await tree.program('id', 'echo 0');
    // What apt brings is an npm that packs the wanted archive.
    const npm = `case $1 in pack) cp ${archive} packed.tgz; echo packed.tgz ;; *) ${NPM.replaceAll('\n', ';').replace(/^;/, '')} ;; esac`;
    const bin = join(tree.root, '../bin/npm');
    await tree.program(
      'apt-get',
      `echo "apt-get $*" >>"$LOG"; case "$*" in *npm*) cat >${bin} <<'END'\n#!/bin/sh\n${npm}\nEND\nchmod +x ${bin} ;; esac`,
    );
    expect(await tree.run(['up'], { shell })).toMatchObject({ code: 1, stderr: expect.stringContaining('E-ENV-NODE') });
    expect((await tree.calls()).filter((line) => line.startsWith('apt-get'))).toEqual([]);
    expect(await tree.run(['up', '--yes'], { shell })).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('up --yes'),
    });
  });

  test('an archive with a wrong checksum is not unpacked', async () => {
    await using tree = await checkout();
    await pinnedNode(tree, NODE);
    await tree.program('curl', 'while [ "$1" != -o ]; do shift; done; echo changed >"$2"');
    const run = await tree.run(['status'], { shell, env: { npm_config_registry: 'http://registry.test' } });
    expect(run).toMatchObject({ code: 1, stderr: expect.stringContaining('checksum') });
    expect(existsSync(join(tree.root, '.seatrial/tools/node'))).toBe(false);
  });

  test('with -o json an error is one JSON object on stderr', async () => {
    await using tree = await checkout();
    const run = await tree.run(['up', '--once', '-o', 'json'], { shell });
    expect(run.stdout).toBe('');
    const error: unknown = JSON.parse(run.stderr.slice(run.stderr.indexOf('{')));
    expect(error).toMatchObject({
      error: { code: 'E-ENV-NODE', retryable: false, hint: expect.stringContaining('npm') },
    });
  });

  test('a failed installation shows the last words of npm and leaves no lock', async () => {
    await using tree = await checkout({ prepared: true });
    await tree.program('npm', 'echo "npm error network is down"; exit 1');
    const run = await tree.run(['status'], { shell });
    expect(run).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('error[E-ENV-INSTALL]') });
    expect(run.stderr).toContain('network is down');
    await expect(readlink(join(tree.root, '.seatrial/launcher.lock'))).rejects.toThrow('ENOENT');
  });

  test('a changed source is built again; one that does not compile stops everything but looking and stopping', async () => {
    await using tree = await checkout({ prepared: true });
    await tree.run(['status'], { shell });
    const source = join(tree.root, 'apps/cli/src/main.ts');
    await writeFile(source, '');
    await touchLater(source);
    await tree.program(
      'node',
      NODE.replace('*typescript/bin/tsc*) :', '*typescript/bin/tsc*) echo "main.ts(1,1): error"; exit 1'),
    );
    expect(await tree.run(['status'], { shell })).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('main.ts(1,1): error'),
    });
    expect(await tree.run(['down'], { shell })).toMatchObject({ code: 0, stdout: expect.stringContaining('down') });
  });

  test('two at once install once; the second says for whom it waits', async () => {
    await using tree = await checkout({ prepared: true });
    const waiting = join(tree.root, 'waiting');
    // npm ends when the second launcher has said that it waits.
    await tree.program('npm', `${NPM}\nwhile [ ! -e ${waiting} ]; do sleep 0.05; done`);
    const noteWait = (text: string): void => {
      if (text.includes('waiting for another launcher')) void writeFile(waiting, '');
    };
    const runs = await Promise.all([
      tree.run(['a'], { shell, onStderr: noteWait }),
      tree.run(['b'], { shell, onStderr: noteWait }),
    ]);
    expect(runs.map((run) => run.code)).toEqual([0, 0]);
    expect((await tree.calls()).filter((line) => line.startsWith('npm ci'))).toHaveLength(1);
  });

  test('the lock of a launcher that was killed is taken over', async () => {
    await using tree = await checkout({ prepared: true });
    await mkdir(join(tree.root, '.seatrial'));
    await symlink(`${process.pid}.1`, join(tree.root, '.seatrial/launcher.lock'));
    expect(await tree.run(['status'], { shell })).toMatchObject({
      code: 0,
      stderr: expect.not.stringContaining('waiting'),
    });
  });

  test('dependencies that npm installed after the lock file changed count as installed', async () => {
    await using tree = await checkout({ prepared: true });
    const record = join(tree.root, 'node_modules/.package-lock.json');
    await writeFile(record, '');
    await touchLater(record);
    await tree.run(['status'], { shell });
    expect((await tree.calls()).filter((line) => line.startsWith('npm'))).toEqual([]);
    await rm(record);
    await tree.run(['status'], { shell });
    expect((await tree.calls()).filter((line) => line.startsWith('npm'))).toHaveLength(1);
  });
});
