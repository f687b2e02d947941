import { afterAll, beforeAll, expect, test } from 'vitest';

import { startCliPlane, type CliPlane } from './plane.ts';
import { CLI, run, type CliOptions } from './run-cli.ts';

let plane: CliPlane;
beforeAll(async () => {
  plane = await startCliPlane();
});
afterAll(() => plane[Symbol.asyncDispose]());

/** Runs a command line of a viewer on a pseudo-terminal of 80 columns and 20 lines. */
function onTerminal(line: string, options: Partial<CliOptions> = {}) {
  const script = `stty cols 80 rows 20; exec '${process.execPath}' '${CLI}' ${line}`;
  const env = { SEATRIAL_BUS: plane.broker.url, SEATRIAL_CREDS: plane.broker.seedFile('operator'), ...options.env };
  return run('script', ['-qefc', script, '/dev/null'], { data: plane.data, ...options, env });
}

const ESC = '\u001b';

test('a table has colour on a terminal, none with NO_COLOR, and the same words', async () => {
  const coloured = await onTerminal('get findings');
  const plain = await onTerminal('get findings', { env: { NO_COLOR: '1' } });
  expect([coloured.exit, plain.exit]).toEqual([0, 0]);
  expect(coloured.stdout).toContain(ESC);
  expect(plain.stdout).not.toContain(ESC);
  expect(coloured.stdout.replaceAll(new RegExp(`${ESC}\\[\\d+m`, 'g'), '')).toBe(plain.stdout);
});

test('progress is redrawn on one line and leaves the terminal clean', async () => {
  const { exit, stdout } = await onTerminal('scan --color never');
  expect(exit).toBe(0);
  const drawn = stdout.split(`\r${ESC}[K`);
  expect(drawn.length).toBeGreaterThanOrEqual(2);
  expect(drawn[1]).toMatch(/^audit {2}/);
  expect(drawn.at(-1)).toMatch(/^SEV/);
});

test('a watched table is redrawn in place and ends with Ctrl-C', async () => {
  const { exit, stdout } = await onTerminal('get hosts -w --color never', {
    watch: (seen, kill) => seen.stdout.includes('Ctrl-C ends') && kill('SIGINT'),
  });
  expect(exit).toBe(130);
  expect(stdout.startsWith(`${ESC}[H${ESC}[J`)).toBe(true);
  expect(stdout).toContain('node-1');
});
