import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';

/** A FerretDB process with its SQLite backend, on loopback, with a state folder of its own. */
export interface TestFerretDb extends AsyncDisposable {
  /** `mongodb://127.0.0.1:<port>`, no database named. */
  readonly url: string;
  /** Kills the process as a crash does (SIGKILL); the state stays. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with the same state. */
  restart(): Promise<void>;
}

/** The program, or the reason why there is none. */
export type FerretDbProgram = { readonly path: string } | { readonly missing: string };

/** Looks at `SEATRIAL_FERRETDB`, then at what `./seatrial tools ferretdb` built in the checkout. */
export function findFerretDb(): FerretDbProgram {
  const given = process.env['SEATRIAL_FERRETDB'];
  if (given)
    return existsSync(given) ? { path: given } : { missing: `SEATRIAL_FERRETDB names ${given}, which does not exist` };
  const root = checkoutRoot();
  const built = root && join(root, '.seatrial', 'tools', 'ferretdb', 'ferretdb');
  if (built && existsSync(built)) return { path: built };
  const go = spawnSync('go', ['version']).status === 0;
  return {
    missing: go
      ? 'FerretDB is not built; `./seatrial tools ferretdb` builds it'
      : 'FerretDB is not built and Go, which builds it, is not installed',
  };
}

/** Starts FerretDB on a free port and waits until it listens. */
export async function startFerretDb(program: string): Promise<TestFerretDb> {
  const state = await mkdtemp(join(tmpdir(), 'seatrial-ferretdb-'));
  let running = await launch(program, state, '127.0.0.1:0');
  const { url } = running;
  const address = new URL(url).host;
  return {
    url,
    kill: () => end(running.child),
    restart: async () => {
      await end(running.child);
      running = await launch(program, state, address);
    },
    async [Symbol.asyncDispose]() {
      await end(running.child);
      await rm(state, { recursive: true, force: true });
    },
  };
}

async function launch(
  program: string,
  state: string,
  address: string,
): Promise<{ readonly child: ChildProcess; readonly url: string }> {
  const child = spawn(program, ['-listen-addr', address, '-state-dir', state], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => log.push(chunk.toString()));
  const exited = once(child, 'exit').then(([code]) => {
    throw new Error(`${program} ended with ${String(code)}: ${log.join('').slice(-2000)}`);
  });
  exited.catch(() => undefined); // Looked at only while it starts.
  // Lines, not chunks: the address could be cut in two.
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), exited])) as [string];
  const url = /^ready (mongodb:\/\/[^/]+)/.exec(line)?.[1];
  if (!url) throw new Error(`${program} said "${line}" instead of where it listens`);
  return { child, url };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

/** The folder with the launcher, upwards from here. */
function checkoutRoot(): string | undefined {
  for (let folder = import.meta.dirname; folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, 'nx.json'))) return folder;
  return undefined;
}
