import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, constants } from 'node:fs';
import { mkdtemp, open, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DockerControl, DockerEngine } from '@seatrial/docker';
import type { TestEngine } from './engine.ts';

/** An engine of the test's own, which may be stopped, killed and frozen. It lives in a network namespace of its own; `host` means that one there. */
export interface PrivateEngine extends TestEngine, AsyncDisposable {
  /** Process id of dockerd now. */
  readonly pid: number;
  /** Ends it in order, with its containers; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it at once; its containers live on and are adopted by the next start. */
  kill(): Promise<void>;
  /** Starts it again on the same data; resolves when it answers. */
  start(): Promise<void>;
  /** Stops its threads (SIGSTOP): connections stay open and nothing answers. */
  freeze(): void;
  thaw(): void;
}

/** Why no engine of one's own can be started here; undefined when it can. */
export function privateEngineImpossible(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can start an engine';
  const found = (process.env['PATH'] ?? '')
    .split(delimiter)
    .some((directory) => executable(join(directory, 'dockerd')));
  return found ? undefined : 'dockerd is not on the PATH';
}

/** Starts dockerd beside the machine's, with its own socket, data and containerd. Everything is removed when the block ends. */
export async function startEngine(): Promise<PrivateEngine> {
  const directory = await mkdtemp(join(tmpdir(), 'seatrial-engine-'));
  const url = `unix://${join(directory, 'docker.sock')}`;
  let daemon: ChildProcess | undefined;

  const start = async (): Promise<void> => {
    const log = await open(join(directory, 'log'), 'a');
    // `unshare` becomes dockerd: the process id stays. In the machine's own network a second engine would take over, or remove, the bridge of the first.
    daemon = spawn('unshare', ['--net', 'dockerd', ...argumentsFor(directory, url)], {
      stdio: ['ignore', log.fd, log.fd],
    });
    const exited = once(daemon, 'exit').then(() => 'exited' as const);
    await log.close();
    if ((await Promise.race([answers(url), exited])) === 'exited') {
      throw new Error(`dockerd did not start:\n${(await readFile(join(directory, 'log'), 'utf8')).slice(-2000)}`);
    }
  };
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (daemon === undefined || daemon.exitCode !== null || daemon.signalCode !== null) return;
    const exited = once(daemon, 'exit');
    daemon.kill('SIGCONT');
    daemon.kill(signal);
    await exited;
  };
  const engine: PrivateEngine = {
    url,
    skip: undefined,
    get pid() {
      return daemon?.pid ?? 0;
    },
    start,
    stop: () => end('SIGTERM'),
    async kill() {
      await end('SIGKILL');
      // Its containerd dies with it. Where nobody reaps orphans it stays a zombie, which the next dockerd takes for alive and waits for.
      await rm(join(directory, 'exec/containerd/containerd.pid'), { force: true });
    },
    freeze: () => void daemon?.kill('SIGSTOP'),
    thaw: () => void daemon?.kill('SIGCONT'),
    async [Symbol.asyncDispose]() {
      // Only a running engine can unmount its containers.
      if (daemon?.exitCode !== null || daemon.signalCode !== null) await start();
      engine.thaw();
      await removeContainers(url);
      await end('SIGTERM');
      await removeDirectory(directory);
    },
  };
  try {
    await start();
  } catch (error) {
    await end('SIGKILL');
    await removeDirectory(directory);
    throw error;
  }
  return engine;
}

function argumentsFor(directory: string, url: string): string[] {
  const at = (name: string): string => join(directory, name);
  const paths = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('docker.pid')];
  return ['-H', url, ...paths, '--iptables=false', '--ip6tables=false'];
}

async function answers(url: string): Promise<'answers'> {
  for (;;) {
    await using engine = new DockerEngine({ url, timeoutMs: 1000 });
    const up = await engine.ping().then(
      () => true,
      () => false,
    );
    if (up) return 'answers';
    await wait(50);
  }
}

/** An engine that was killed leaves its data directory mounted on itself, once for each time. */
async function removeDirectory(directory: string): Promise<void> {
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
  const below = mounts.filter((mount) => mount.startsWith(`${directory}/`)).toReversed();
  for (const mount of below) await promisify(execFile)('umount', ['--lazy', mount]);
  await rm(directory, { recursive: true, force: true });
}

async function removeContainers(url: string): Promise<void> {
  await using engine = new DockerEngine({ url });
  const control = new DockerControl({ url });
  await Promise.all((await engine.listContainers()).map(({ Id }) => control.remove(Id)));
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
