import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isRunning, pidOf, type ProcessMark } from '../process/mark.ts';

/** One process of a plane. */
export interface PlaneProcess {
  readonly name: 'bus' | 'collector' | 'isolation-auditor';
  readonly mark: ProcessMark;
  /** Absolute path of its log. */
  readonly logFile: string;
  /** It answered: the broker a connection, a service its ping. */
  readonly ready: boolean;
  /** From the start of the process to its first answer, ms. */
  readonly readyMs?: number;
  /** What it is, for people: version and address. */
  readonly detail?: string;
  /** Why it is not ready, once that is certain. */
  readonly failure?: string;
}

/** What the supervisor of a plane tells other commands; `run.json` in the data folder, only for its owner. */
export interface RunState {
  readonly format: 1;
  /** The process that keeps the plane running. */
  readonly supervisor: ProcessMark;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly phase: 'starting' | 'ready' | 'stopping';
  /** Address of the bus, e.g. `nats://127.0.0.1:7421`; absent until its port is chosen. */
  readonly busUrl?: string;
  /** Bus data outlives this run. */
  readonly keep: boolean;
  readonly processes: readonly PlaneProcess[];
}

/** Writes it in one step: a reader sees the old or the new text, never a part. */
export function writeRunState(file: string, state: RunState): void {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${JSON.stringify(state, undefined, 2)}\n`, { mode: 0o600 });
  renameSync(aside, file);
}

/** What the file says, whoever wrote it and whether or not it still runs; undefined when there is none or it is not ours. */
export function readRunState(file: string): RunState | undefined {
  try {
    const state = JSON.parse(readFileSync(file, 'utf8')) as RunState;
    return state.format === 1 && typeof state.supervisor === 'string' && Array.isArray(state.processes)
      ? state
      : undefined;
  } catch {
    return undefined;
  }
}

/** The plane that runs now: the state of a supervisor that is alive. A file that a killed supervisor left is stale and reads as none. */
export function runningPlane(file: string): RunState | undefined {
  const state = readRunState(file);
  return state && isRunning(state.supervisor) ? state : undefined;
}

export function removeRunState(file: string): void {
  rmSync(file, { force: true });
}

/** Process id of the supervisor, for people. */
export function supervisorPid(state: RunState): number {
  return pidOf(state.supervisor);
}
