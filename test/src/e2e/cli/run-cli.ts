import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The built command line; `tsc -b` made it before the tests run. */
export const CLI = fileURLToPath(new URL('../../../../apps/cli/dist/main.js', import.meta.url));

/** How a command line ended. */
export interface CliResult {
  /** Exit code, or 128 + signal number as a shell counts it. */
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run it. */
export interface CliOptions {
  /** Data folder of the plane: its `run.json` and keys are found there. An empty one means that no plane runs. */
  readonly data: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Called with everything stdout and stderr hold so far; may end the process. */
  readonly watch?: (
    seen: { readonly stdout: string; readonly stderr: string },
    kill: (signal: NodeJS.Signals) => void,
  ) => void;
}

/** Runs `seatrial ...` in its own process with an environment that holds nothing of the caller's but PATH. */
export function runCli(args: readonly string[], options: CliOptions): Promise<CliResult> {
  return run(process.execPath, [CLI, ...args], options);
}

/** Runs any program in the same clean environment. */
export function run(
  program: string,
  args: readonly string[],
  { data, env = {}, input, watch }: CliOptions,
): Promise<CliResult> {
  const child = spawn(program, args, {
    env: { PATH: process.env.PATH, HOME: data, TERM: 'xterm-256color', SEATRIAL_DATA: data, ...env },
  });
  const seen = { stdout: '', stderr: '' };
  const { promise, resolve, reject } = Promise.withResolvers<CliResult>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      seen[stream] += text;
      watch?.(seen, (signal) => void child.kill(signal));
    });
  }
  child.on('error', reject);
  child.on('close', (code, signal) => resolve({ exit: code ?? 128 + (SIGNALS[signal ?? ''] ?? 0), ...seen }));
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  return promise;
}

const SIGNALS: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
