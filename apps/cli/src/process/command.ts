import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Also keep everything it prints in this file (made anew). */
  readonly logFile?: string;
  /** Ends the command and everything it started. */
  readonly signal?: AbortSignal;
  /** End them after this long, ms. */
  readonly timeoutMs?: number;
}

export interface CommandResult {
  /** It ran and ended with 0. */
  readonly ok: boolean;
  /** Exit code; undefined when it could not start or a signal ended it. */
  readonly code: number | undefined;
  /** The last 64 KiB of what it printed on both streams, in the order it came. */
  readonly output: string;
}

const KEPT = 64 * 1024;

/**
 * Runs a program to its end. Never throws: a program that is not there is a result like another (`ok` false, `code` undefined). It leads a process
 * group of its own, so that an early end takes its children along (`go build` has compilers, pip has helpers), and a Ctrl-C of the terminal reaches it
 * only through `signal`.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const { signal } = options;
  if (signal?.aborted) return { ok: false, code: undefined, output: 'interrupted' };
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile);
  // A full disk must not end the process that only keeps a log.
  log?.on('error', () => {});
  let output = '';
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env ?? process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const keep = (chunk: string): void => {
    log?.write(chunk);
    output = (output + chunk).slice(-KEPT);
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);

  const end = (): void => endGroup(child.pid);
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(end, options.timeoutMs);
  signal?.addEventListener('abort', end, { once: true });
  const result = await new Promise<CommandResult>((done) => {
    child.on('error', (error) => done({ ok: false, code: undefined, output: `${output}${error.message}` }));
    child.on('close', (code) => done({ ok: code === 0, code: code ?? undefined, output }));
  });
  clearTimeout(timer);
  signal?.removeEventListener('abort', end);
  if (log) {
    log.end();
    await finished(log).catch(() => {});
  }
  return result;
}

/** Time for a program to end by itself after SIGTERM, ms. */
const GRACE_MS = 3000;

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  const send = (signal: NodeJS.Signals): void => {
    try {
      process.kill(-pid, signal);
    } catch {
      // The whole group is gone.
    }
  };
  send('SIGTERM');
  setTimeout(() => send('SIGKILL'), GRACE_MS).unref();
}

/** The last lines of what a program printed, for an error text. */
export function lastLines(output: string, count = 3): string {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
