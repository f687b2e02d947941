import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';

import { startProbe } from './probe.ts';

const nowhere = { url: 'nats://127.0.0.1:1', seedFile: () => '/nowhere' };

async function fileWith(text: string, name = 'seatrial.yaml'): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'seatrial-config-'));
  onTestFinished(async () => rm(directory, { recursive: true }));
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

/** What the process said when it refused to start. */
async function refusal(text: string, name?: string): Promise<{ code: number | null; message: string; path: string }> {
  const path = await fileWith(text, name);
  await using probe = startProbe(nowhere, {}, ['--config', path]);
  const { code } = await probe.exited;
  const line = probe.lines.find((candidate) => candidate.startsWith('{')) ?? '{}';
  return { code, message: (JSON.parse(line) as { msg: string }).msg, path };
}

test('a wrong key is named with file, line and the nearest key, and the exit code is 2', async () => {
  const { code, message, path } = await refusal('# settings\nfarewell: bye\nintervall: 5\n');
  expect(code).toBe(2);
  expect(message).toBe(`E-CONFIG: ${path}:3:1: unknown key "intervall"; did you mean "interval"?`);
});

test('a wrong key deep inside a list, in JSON, too', async () => {
  const { code, message, path } = await refusal(
    '{\n  "engines": [\n    {"id": "a", "url": "x", "urll": "y"}\n  ]\n}\n',
    'c.json',
  );
  expect(code).toBe(2);
  expect(message).toContain(`${path}:3:29: unknown key "engines.0.urll"; did you mean "engines.0.url"?`);
});

test('every problem is told at once, each with its place', async () => {
  const { message, path } = await refusal('interval: -1\nhealthPort: high\nlogLevel: loud\n');
  const problems = message.replace('E-CONFIG: ', '').split('\n');
  expect(problems.map((problem) => problem.split(': ')[0] + ' ' + problem.split(': ')[1])).toEqual([
    `${path}:1:11 interval`,
    `${path}:2:13 healthPort`,
    `${path}:3:11 logLevel`,
  ]);
});

test.each([
  ['a tab in the indentation', 'engines:\n\t- id: a\n', /:2:1: /],
  ['a key twice', 'interval: 1\ninterval: 2\n', /:2:1: .*unique/],
  ['a list instead of settings', '- a\n', /:1: is not a mapping/],
  [
    'a bomb of aliases',
    `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nengines: [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n`,
    /alias/i,
  ],
])('%s is refused', async (_name, text, expected) => {
  const { code, message } = await refusal(text);
  expect(code).toBe(2);
  expect(message).toMatch(expected);
});

test('a file for several services gives each its section', async () => {
  const path = await fileWith('collector:\n  anything: 1\nisolation-auditor:\n  interval: 7\n');
  await using probe = startProbe(nowhere, {}, ['--config', path, '--print-config']);
  expect((await probe.exited).code).toBe(0);
  expect(probe.text()).toContain(`interval: 7  # ${path}:4`);
});

test('a file that is not there, a wrong flag and a wrong variable are named', async () => {
  await using missing = startProbe(nowhere, { SEATRIAL_CONFIG: '/nowhere/seatrial.yaml' });
  expect((await missing.exited).code).toBe(2);
  expect(missing.text()).toContain('/nowhere/seatrial.yaml: cannot be read');
  await using flag = startProbe(nowhere, {}, ['--print-confi']);
  expect((await flag.exited).code).toBe(2);
  expect(flag.text()).toContain('command line: ');
  await using variable = startProbe(nowhere, { SEATRIAL_ISOLATION_AUDITOR_INTERVALL: '1' });
  expect((await variable.exited).code).toBe(2);
  expect(variable.text()).toContain('did you mean \\"SEATRIAL_ISOLATION_AUDITOR_INTERVAL\\"?');
});

test('--print-config shows every value with its source and no secret', async () => {
  const path = await fileWith('interval: 5\nengines:\n  - {id: a, url: "https://admin:planted-url@host"}\n');
  await using probe = startProbe(
    nowhere,
    {
      SEATRIAL_BUS: 'nats://me:planted-bus@127.0.0.1:1',
      SEATRIAL_CONFIG: path,
      SEATRIAL_ISOLATION_AUDITOR_ARCHIVE_PASSWORD: 'planted-password',
      SEATRIAL_ISOLATION_AUDITOR_HEALTH_PORT: '0',
    },
    ['--print-config'],
  );
  expect(await probe.exited).toEqual({ code: 0, signal: null });
  const text = probe.text();
  expect(text).toContain('farewell: "closed"  # default');
  expect(text).toContain(`interval: 5  # ${path}:1`);
  expect(text).toContain('healthPort: 0  # SEATRIAL_ISOLATION_AUDITOR_HEALTH_PORT');
  expect(text).toContain('archivePassword: "***"  # SEATRIAL_ISOLATION_AUDITOR_ARCHIVE_PASSWORD');
  expect(text).toContain('bus: "nats://me:***@127.0.0.1:1"  # SEATRIAL_BUS');
  expect(text).not.toContain('planted');
});
