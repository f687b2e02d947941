import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Also keep everything it prints in this file (made anew). */
  readonly logFile?: string;
  /** Ends the command with SIGTERM. */
  readonly signal?: AbortSignal;
  /** End it after this long, ms. */
  readonly timeoutMs?: number;
  /** Written to its standard input. @default no input */
  readonly input?: Buffer | string;
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

/** Runs a program to its end. Never throws: a program that is not there is a result like another (`ok` false, `code` undefined). */
export async function runCommand(
  command: string,
  args: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile);
  // A full disk must not end the process that only keeps a log.
  log?.on('error', () => {});
  let output = '';
  const result = await new Promise<CommandResult>((done) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      ...(options.signal ? { signal: options.signal } : {}),
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs }),
    });
    const keep = (chunk: string): void => {
      log?.write(chunk);
      output = (output + chunk).slice(-KEPT);
    };
    child.stdout?.setEncoding('utf8').on('data', keep);
    child.stderr?.setEncoding('utf8').on('data', keep);
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input);
    child.on('error', (error) => done({ ok: false, code: undefined, output: `${output}${error.message}` }));
    child.on('close', (code) => done({ ok: code === 0, code: code ?? undefined, output }));
  });
  if (log) {
    log.end();
    await finished(log).catch(() => {});
  }
  return result;
}

/** The last lines of what a program printed, for an error text. */
export function lastLines(output: string, count = 3): string {
  return output.trimEnd().split('\n').slice(-count).join('\n');
}
