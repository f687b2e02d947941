import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { EXIT } from '@seatrial/contracts';
import type { Io } from '../io.ts';
import { layoutOf, type Layout } from '../layout.ts';
import { BUILD, runCheck, STATIC_CHECKS } from './checks.ts';
import { selectGroups, type TestGroup } from './groups.ts';
import { bringNeeds } from './needs.ts';
import { closingLines, exitOf, type SkippedGroup, type TestOutcome } from './outcome.ts';

export interface TestOptions {
  /** Groups to run; none means all. */
  readonly groups: readonly string[];
  /** Ends the run early. */
  readonly signal?: AbortSignal;
}

/**
 * `test [group...]`: brings what the tests need, runs the checks of the sources and one vitest run, adds up. The last line on stdout is
 * `N passed, N failed`. @returns 0; 1 when a test failed or none ran; 130 when interrupted
 */
export async function run(options: TestOptions, io: Io): Promise<number> {
  const layout = layoutOf(io.env);
  const groups = selectGroups(options.groups);
  const signal = options.signal ?? new AbortController().signal;
  const say = (line: string): void => io.out(`${line}\n`);
  const outcomes: TestOutcome[] = [];
  const skippedGroups: SkippedGroup[] = [];
  const check = { root: layout.root, env: io.env, say, signal };

  try {
    say('sources');
    const built = await runCheck(BUILD, check);
    // The build is a check of the group `static`; to the other groups it is only what they stand on, so it must not count as a test of theirs.
    const withStatic = groups.some((group) => group.name === 'static');
    if (withStatic || built.state === 'failed') outcomes.push(built);
    if (withStatic) {
      for (const each of STATIC_CHECKS) outcomes.push(await runCheck(each, check));
    }
    if (built.state === 'failed') {
      skippedGroups.push(
        ...groups
          .filter(({ name }) => name !== 'static')
          .map(({ name }) => ({ group: name, reason: 'the build failed' })),
      );
    } else {
      outcomes.push(...(await runSpecs(groups, layout, io, say, signal)));
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  if (signal.aborted) {
    say('\ninterrupted');
    return EXIT.interrupted;
  }
  for (const line of closingLines({ outcomes, skippedGroups })) say(line);
  return exitOf({ outcomes, skippedGroups });
}

/** One vitest run over the folders of the groups that exist; what vitest says goes straight to the terminal. */
async function runSpecs(
  groups: readonly TestGroup[],
  layout: Layout,
  io: Io,
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<readonly TestOutcome[]> {
  await using needs = await bringNeeds(layout, io, signal);
  if (needs.missing.length > 0) say(['', 'not available here', ...needs.missing.map((line) => `  ${line}`)].join('\n'));
  const reportFile = join(layout.logs, `test-outcomes-${process.pid}.ndjson`);
  await mkdir(layout.logs, { recursive: true });

  const folders = groups.flatMap((group) => group.folders).filter((folder) => existsSync(join(layout.root, folder)));
  if (folders.length === 0) return [];
  const args = [
    join(layout.root, 'node_modules/vitest/vitest.mjs'),
    'run',
    '--reporter=default',
    `--reporter=${join(layout.root, 'apps/cli/dist/test/reporter.js')}`,
    '--passWithNoTests',
    ...folders,
  ];
  const env = { ...needs.env, SEATRIAL_ROOT: layout.root, SEATRIAL_TEST_REPORT: reportFile, NX_DAEMON: 'false' };
  const code = await runInForeground(process.execPath, args, { cwd: layout.root, env, signal });
  const outcomes = readOutcomes(reportFile);
  await rm(reportFile, { force: true });
  // vitest says that something failed and no test tells what: that must not read as a pass.
  const silent = code !== 0 && !outcomes.some((outcome) => outcome.state === 'failed');
  return silent
    ? [...outcomes, { group: 'unit', name: `vitest ended with ${code ?? 'a signal'}`, state: 'failed' }]
    : outcomes;
}

function readOutcomes(file: string): TestOutcome[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as TestOutcome);
}

/** Runs a program on this terminal and waits for its end, also when the signal ends it early: its workers clean up. */
async function runInForeground(
  command: string,
  args: readonly string[],
  options: {
    readonly cwd: string;
    readonly env: Readonly<Record<string, string | undefined>>;
    readonly signal: AbortSignal;
  },
): Promise<number | undefined> {
  const child = spawn(command, args, { cwd: options.cwd, env: options.env, stdio: ['ignore', 'inherit', 'inherit'] });
  const end = (): void => void child.kill('SIGINT');
  options.signal.addEventListener('abort', end, { once: true });
  try {
    return await new Promise((done, fail) => {
      child.once('error', fail);
      child.once('exit', (code) => done(code ?? undefined));
    });
  } finally {
    options.signal.removeEventListener('abort', end);
  }
}
