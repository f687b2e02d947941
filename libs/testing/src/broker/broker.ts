import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureKeys, provision, serverConfig, type BusUser, type ServerConfigOptions } from '@seatrial/infra';

import { findNatsServer } from './find-server.ts';
import { until } from '../until.ts';
import { ephemeralPort, startServer, type ServerProcess } from './server-process.ts';

export interface BrokerOptions extends Pick<ServerConfigOptions, 'allowResponses' | 'adjust'> {
  /** Make the streams, buckets and durables of the registry. @default true */
  readonly provision?: boolean;
  /** Folder of the streams; outlives the broker when given. @default a temporary one, removed with the broker */
  readonly storeDir?: string;
  /** @default a free one */
  readonly port?: number;
}

/** A real nats-server with the generated configuration: authorization on, loopback only, own data folder. */
export interface Broker extends AsyncDisposable {
  /** `nats://127.0.0.1:<port>`; the same after `restart`. */
  readonly url: string;
  readonly storeDir: string;
  /** Process id now. */
  readonly pid: number;
  /** File of the seed of a user. */
  seedFile(user: BusUser): string;
  /** Seed of a user. */
  seed(user: BusUser): string;
  /** Ends it at once (SIGKILL); resolves when it is gone. */
  kill(): Promise<void>;
  /** Ends it in order; resolves when it is gone. */
  stop(): Promise<void>;
  /** Ends it in order if it runs, and starts it on the same port and data; resolves when it answers. */
  restart(): Promise<void>;
  /** Loads changed rights without a restart; connections that are opened after it have them. */
  reload(adjust: NonNullable<ServerConfigOptions['adjust']>): Promise<void>;
  /** Sends a signal, e.g. SIGSTOP. */
  signal(signal: NodeJS.Signals): void;
  /** What it wrote so far. */
  log(): string;
}

const PORT_TRIES = 5;

/** Starts a broker for one test. Use as `await using broker = await startBroker()`. */
export async function startBroker(options: BrokerOptions = {}): Promise<Broker> {
  const binary = findNatsServer();
  const directory = await mkdtemp(join(tmpdir(), 'seatrial-broker-'));
  const storeDir = options.storeDir ?? join(directory, 'store');
  mkdirSync(storeDir, { recursive: true, mode: 0o700 });
  const keys = ensureKeys(join(directory, 'keys'));
  const configFile = join(directory, 'nats-server.conf');
  const logFile = join(directory, 'nats-server.log');

  const configure = (port: number, changes: Pick<BrokerOptions, 'adjust'> = {}): void =>
    writeFileSync(configFile, serverConfig({ ...options, ...changes, port, storeDir, keys }), { mode: 0o600 });
  const start = async (port: number): Promise<ServerProcess> => {
    configure(port);
    return startServer(binary, configFile, logFile, port);
  };
  const remove = async (): Promise<void> => rm(directory, { recursive: true, force: true });

  try {
    const { port, server } = await firstStart(options.port, start);
    let running = server;
    const end = async (signal: NodeJS.Signals): Promise<void> => {
      running.process.kill(signal);
      await running.exited;
    };
    const broker: Broker = {
      url: `nats://127.0.0.1:${port}`,
      storeDir,
      get pid() {
        return running.process.pid ?? 0;
      },
      seedFile: (user) => keys.seedFile(user),
      seed: (user) => readFileSync(keys.seedFile(user), 'utf8').trim(),
      kill: () => end('SIGKILL'),
      stop: () => end('SIGTERM'),
      restart: async () => {
        await end('SIGTERM');
        running = await start(port);
      },
      reload: async (adjust) => {
        const before = reloads(broker.log());
        configure(port, { adjust });
        broker.signal('SIGHUP');
        await until('the server has reloaded', () => reloads(broker.log()) > before, { everyMs: 5 });
      },
      signal: (signal) => void running.process.kill(signal),
      log: () => readFileSync(logFile, 'utf8'),
      [Symbol.asyncDispose]: async () => {
        // A frozen one would not hear anything gentler.
        await end('SIGKILL');
        await remove();
      },
    };
    try {
      if (options.provision !== false) await provision({ url: broker.url, seedFile: keys.seedFile('provisioner') });
    } catch (error) {
      await end('SIGKILL');
      throw error;
    }
    return broker;
  } catch (error) {
    await remove();
    throw error;
  }
}

function reloads(log: string): number {
  return log.split('Reloaded server configuration').length - 1;
}

/** Between the look for a free port and the bind of the server another test may take it. */
async function firstStart(
  wanted: number | undefined,
  start: (port: number) => Promise<ServerProcess>,
): Promise<{ port: number; server: ServerProcess }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = wanted ?? (await ephemeralPort());
    try {
      return { port, server: await start(port) };
    } catch (error) {
      const taken = error instanceof Error && error.message.includes('address already in use');
      if (!taken || wanted !== undefined || attempt === PORT_TRIES) throw error;
    }
  }
}
