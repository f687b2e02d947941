import { spawn } from 'node:child_process';
import { closeSync, constants, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SeatrialError } from '@seatrial/contracts';
import type { Layout } from '../layout.ts';
import { endProcess } from '../process/detached.ts';
import { markOf, type ProcessMark } from '../process/mark.ts';
import { SupervisorEnded } from './errors.ts';
import { ORDER_VARIABLE, type SupervisorOrder } from './supervise.ts';

/** Longer than an ordered stop takes: services 10 s, broker 5 s, demo. */
const STOP_MS = 30_000;

/** The supervisor that this command started. */
export interface SpawnedSupervisor {
  readonly mark: ProcessMark;
  /** It ended; with the error it left, if it left one. Stays pending while it runs. */
  readonly ended: Promise<SeatrialError | undefined>;
  /** Takes the plane down in order and waits. Safe to repeat. */
  stop(): Promise<void>;
}

/** Starts the supervisor in a session of its own, so that a Ctrl-C of the terminal reaches only this command; what it says goes to `up.log`. */
export function spawnSupervisor(
  order: SupervisorOrder,
  layout: Layout,
  env: Readonly<Record<string, string | undefined>>,
): SpawnedSupervisor {
  mkdirSync(layout.logs, { recursive: true });
  const logFile = join(layout.logs, 'up.log');
  // Appending: a supervisor that finds the plane taken must not write over what its holder says.
  const log = openSync(logFile, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_APPEND);
  const child = spawn(process.execPath, [process.argv[1] ?? '', 'up', '-o', 'json'], {
    detached: true,
    env: { ...env, SEATRIAL_ROOT: layout.root, SEATRIAL_DATA: layout.data, [ORDER_VARIABLE]: JSON.stringify(order) },
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const mark = markOf(child.pid ?? 0) ?? '';
  const exited = new Promise<number | null>((done) => {
    child.once('error', () => done(null));
    child.once('exit', (code) => done(code));
  });
  // A supervisor that is to stay is let go at once: it must not end with this command.
  if (!order.attached) {
    child.disconnect();
    child.unref();
  }
  return {
    mark,
    ended: exited.then((code) => (code === 0 ? undefined : errorIn(logFile))),
    stop: () => endProcess(mark, STOP_MS),
  };
}

/** The error that a supervisor wrote last: one line of JSON, as every command with `-o json` writes it. */
function errorIn(logFile: string): SeatrialError {
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n');
  const last = lines.at(-1) ?? '';
  try {
    const { error } = JSON.parse(last) as {
      error: { code: string; message: string; hint: string; retryable: boolean; details: Record<string, unknown> };
    };
    return new SeatrialError(error.message, error);
  } catch {
    return new SupervisorEnded(logFile, last);
  }
}
