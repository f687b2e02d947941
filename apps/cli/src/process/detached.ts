import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, markOf, type ProcessMark } from './mark.ts';

export interface DetachedOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Both its streams; appended. */
  readonly logFile: string;
  readonly cwd?: string;
}

/** A process that outlives this one. */
export interface Detached {
  readonly pid: number;
  /** undefined when it was gone before it could be looked at. */
  readonly mark: ProcessMark | undefined;
  /** Resolves when it ended, with its exit code, or null after a signal or a failed start. */
  readonly exited: Promise<number | null>;
  /** SIGTERM, then SIGKILL after the grace, ms. Resolves when it is gone. */
  stop(graceMs: number): Promise<void>;
}

/** Starts a program in its own session and process group, without a terminal, its output in a file. */
export function spawnDetached(command: string, args: readonly string[], options: DetachedOptions): Detached {
  mkdirSync(dirname(options.logFile), { recursive: true });
  const log = openSync(options.logFile, 'a');
  const child = spawn(command, args, {
    detached: true,
    env: options.env,
    stdio: ['ignore', log, log],
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
  });
  closeSync(log);
  child.unref();
  const exited = new Promise<number | null>((done) => {
    child.once('error', () => done(null));
    child.once('exit', (code) => done(code));
  });
  const pid = child.pid ?? 0;
  const mark = markOf(pid);
  return { pid, mark, exited, stop: async (graceMs) => (mark === undefined ? undefined : endProcess(mark, graceMs)) };
}

/** Ends the process of this mark, and its group if it leads one: SIGTERM, a wait, SIGKILL. A later process with the same id is never touched. */
export async function endProcess(mark: ProcessMark, graceMs: number): Promise<void> {
  signalGroup(mark, 'SIGTERM');
  const deadline = performance.now() + graceMs;
  while (isRunning(mark) && performance.now() < deadline) await delay(20);
  if (!isRunning(mark)) return;
  signalGroup(mark, 'SIGKILL');
  while (isRunning(mark)) await delay(20);
}

function signalGroup(mark: ProcessMark, signal: NodeJS.Signals): void {
  if (!isRunning(mark)) return;
  const pid = Number.parseInt(mark, 10);
  try {
    process.kill(-pid, signal);
  } catch {
    // It leads no group of its own.
    try {
      process.kill(pid, signal);
    } catch {
      // Gone between the look and the signal.
    }
  }
}
