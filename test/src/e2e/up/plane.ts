import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';

/** The checkout that is tested. */
export const ROOT = join(import.meta.dirname, '../../../..');

/** A command line of Seatrial that runs. */
export interface Running {
  readonly child: ChildProcess;
  /** What it printed so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A data folder of its own, so that nothing here meets the plane of whoever runs the tests. Everything that was started in it is ended. */
export interface TestPlane extends AsyncDisposable {
  readonly data: string;
  /** Starts `./seatrial ARGS`. */
  start(...args: string[]): Running;
  /** Runs it to its end. */
  run(...args: string[]): Promise<Ended>;
  /** Runs the CLI itself, without the launcher, in a changed environment. */
  runBare(changes: Readonly<Record<string, string>>, ...args: string[]): Promise<Ended>;
  /** The state that its supervisor wrote; undefined when there is none. */
  state(): PlaneState | undefined;
  /** Process ids that belong to this plane now. */
  members(): number[];
}

/** The part of `run.json` that tests look at. */
export interface PlaneState {
  readonly supervisor: string;
  readonly phase: string;
  readonly busUrl?: string;
  readonly processes: readonly { readonly name: string; readonly mark: string; readonly ready: boolean }[];
}

/** @param env added to the environment of every command, e.g. a `DOCKER_HOST` where nobody answers */
export async function testPlane(env: Readonly<Record<string, string>> = {}): Promise<TestPlane> {
  const data = await mkdtemp(join(tmpdir(), 'seatrial-plane-'));
  const running = new Set<ChildProcess>();
  const launch = (
    command: string,
    args: readonly string[],
    changes: Readonly<Record<string, string>> = {},
  ): Running => {
    const child = spawn(command, args, {
      env: { ...process.env, SEATRIAL_DATA: data, ...env, ...changes },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    running.add(child);
    const text = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text.stdout += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => (text.stderr += chunk));
    const ended = new Promise<Ended>((done) =>
      child.once('close', (code, signal) => done({ code: code ?? asShellCode(signal), ...text })),
    );
    return { child, ended, stdout: () => text.stdout, stderr: () => text.stderr };
  };
  const start = (...args: string[]): Running => launch(join(ROOT, 'seatrial'), args);
  const plane: TestPlane = {
    data,
    start,
    run: (...args) => start(...args).ended,
    runBare: (changes, ...args) =>
      launch(process.execPath, [join(ROOT, 'apps/cli/dist/main.js'), ...args], changes).ended,
    state: () => {
      try {
        return JSON.parse(readFileSync(join(data, 'run.json'), 'utf8')) as PlaneState;
      } catch {
        return undefined;
      }
    },
    members: () => membersOf(data),
    [Symbol.asyncDispose]: async () => {
      await start('down').ended;
      for (const child of running) child.kill('SIGKILL');
      for (const pid of membersOf(data)) process.kill(pid, 'SIGKILL');
      await rm(data, { recursive: true, force: true });
    },
  };
  return plane;
}

/** What a shell says of a program that a signal ended. */
function asShellCode(signal: NodeJS.Signals | null): number | null {
  return signal === null ? null : 128 + constants.signals[signal];
}

/** A `DOCKER_HOST` where nobody answers. */
export const NO_ENGINE = { DOCKER_HOST: 'unix:///nonexistent/seatrial-test.sock' } as const;

/** Waits for a fact; fails with its last word after two minutes. */
export async function until<T>(fact: () => T | undefined | false): Promise<T> {
  return vi.waitFor(
    () => {
      const value = fact();
      if (value === undefined || value === false) throw new Error(`still waiting for ${String(fact)}`);
      return value;
    },
    { timeout: 120_000, interval: 10 },
  );
}

/** What a stopped plane must not leave: a process, its state, its lock, its broker's data, a listener on its port. */
export async function remains(plane: TestPlane, busUrl: string | undefined): Promise<string[]> {
  const files = ['run.json', 'run'].filter((name) => existsSync(join(plane.data, name)));
  const lock = existsSync(plane.data) && readdirSync(plane.data).includes('up.lock') ? ['up.lock'] : [];
  const listener =
    busUrl !== undefined && (await answers(Number(new URL(busUrl).port))) ? [`a listener at ${busUrl}`] : [];
  return [
    ...plane.members().map((pid) => `process ${pid}: ${readText(`/proc/${pid}/cmdline`)}`),
    ...files,
    ...lock,
    ...listener,
  ];
}

/** Members carry the plane in their environment; the supervisor carries its order and data folder there. */
function membersOf(data: string): number[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    const variables = readText(`/proc/${pid}/environ`).split('\0');
    return (
      variables.includes(`SEATRIAL_PLANE=${data}`) ||
      (variables.includes(`SEATRIAL_DATA=${data}`) &&
        variables.some((entry) => entry.startsWith('SEATRIAL_SUPERVISOR_ORDER=')))
    );
  });
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

async function answers(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = createConnection({ port, host: '127.0.0.1' });
    socket.once('connect', () => {
      socket.destroy();
      done(true);
    });
    socket.once('error', () => done(false));
  });
}
