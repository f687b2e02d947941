import { join } from 'node:path';
import { lastLines, runCommand } from '../process/command.ts';
import type { TestOutcome } from './outcome.ts';

/** A check of the sources that is not a spec; it counts as one test of the group `static`. */
interface StaticCheck {
  readonly name: string;
  /** Script under `node_modules` and its arguments. */
  readonly command: readonly [script: string, ...args: string[]];
}

/** The build comes first: what is tested is what it makes. */
export const BUILD: StaticCheck = { name: 'every project compiles (tsc -b)', command: ['typescript/bin/tsc', '-b'] };

export const STATIC_CHECKS: readonly StaticCheck[] = [
  { name: 'no lint error (oxlint --type-aware)', command: ['oxlint/bin/oxlint', '--type-aware'] },
  { name: 'formatted (oxfmt --check)', command: ['oxfmt/bin/oxfmt', '--check'] },
  { name: 'no unused file, export or dependency (knip)', command: ['knip/bin/knip.js', '--no-progress'] },
];

export interface CheckOptions {
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** Runs one check and says how it went, with what it printed when it failed. */
export async function runCheck(check: StaticCheck, options: CheckOptions): Promise<TestOutcome> {
  const [script, ...args] = check.command;
  const started = performance.now();
  const result = await runCommand(process.execPath, [join(options.root, 'node_modules', script), ...args], {
    cwd: options.root,
    env: { ...options.env, NX_DAEMON: 'false' },
    ...(options.signal ? { signal: options.signal } : {}),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  options.say(`  ${result.ok ? 'ok  ' : 'FAIL'}  ${check.name}  ${seconds} s`);
  if (!result.ok) options.say(lastLines(result.output, 60).replaceAll(/^/gm, '        '));
  return { group: 'static', name: check.name, state: result.ok ? 'passed' : 'failed' };
}
