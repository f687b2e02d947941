import { connect } from 'node:net';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ensureKeys, provision, serverConfig, type KeyRing } from '@seatrial/infra';
import type { Layout } from '../layout.ts';
import { BUS_PORT, freePort } from '../plane/ports.ts';
import { lastLines } from '../process/command.ts';
import { versionIn } from '../tools/version.ts';
import { BusNotStarted } from './errors.ts';
import type { Member } from './member.ts';
import type { Supervisor } from './supervisor.ts';

/** The running broker of a plane. */
export interface Broker {
  /** `nats://127.0.0.1:<port>` */
  readonly url: string;
  readonly keys: KeyRing;
}

/** A broker answers within a quarter of a second; a loaded machine with an old store may need some seconds. */
const ANSWER_MS = 20_000;
/** Pause before the one restart, ms: long enough for the port to be free again. */
const RESTART_MS = 200;
/** Between the look for a free port and the broker's own bind another program may take it. */
const PORT_TRIES = 5;
/** Time to write what it holds, ms. */
const GRACE_MS = 5000;

/**
 * Starts the broker on the first free port with generated configuration and keys, waits for its greeting, and provisions it. It is started again once
 * when it dies, on the same store, so acknowledged messages survive; `onLost` hears of the second death.
 * @throws PortsBusy, BusNotStarted, KeysUnusable, ProvisionRefused
 */
export async function startBroker(
  supervisor: Supervisor,
  program: string,
  layout: Layout,
  over: AbortSignal,
  onLost: (logFile: string) => void,
): Promise<Broker> {
  const keys = ensureKeys(layout.keys);
  const logFile = join(layout.logs, 'nats-server.log');
  let wanted = BUS_PORT;
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort(wanted);
    const started = performance.now();
    const { member, version } = await startOn(port, supervisor, program, keys, layout, over, () => onLost(logFile));
    over.throwIfAborted();
    if (version !== undefined) {
      const url = `nats://127.0.0.1:${port}`;
      await provision({ url, seedFile: keys.seedFile('provisioner') });
      supervisor.note('bus', {
        ready: true,
        readyMs: performance.now() - started,
        detail: `nats-server ${version}  ${url}`,
      });
      supervisor.update({ busUrl: url });
      return { url, keys };
    }
    const log = readFileSync(logFile, 'utf8');
    await supervisor.drop(member);
    if (!log.includes('address already in use') || attempt === PORT_TRIES)
      throw new BusNotStarted(lastLines(log, 1), logFile);
    wanted = port + 1;
  }
}

/** One try on one port. @returns the version of the server that greets there, undefined when ours ended first */
async function startOn(
  port: number,
  supervisor: Supervisor,
  program: string,
  keys: KeyRing,
  layout: Layout,
  over: AbortSignal,
  onLost: () => void,
): Promise<{ readonly member: Member; readonly version: string | undefined }> {
  const config = join(layout.run, 'nats-server.conf');
  writeFileSync(config, serverConfig({ port, storeDir: join(layout.run, 'jetstream'), keys }), { mode: 0o600 });
  let up = false;
  const member = supervisor.start(
    {
      name: 'bus',
      command: program,
      args: ['-c', config],
      env: process.env,
      cwd: layout.run,
      logFile: join(layout.logs, 'nats-server.log'),
      graceMs: GRACE_MS,
    },
    (_code, deaths) => {
      if (!up) return undefined;
      if (deaths > 1) {
        onLost();
        return undefined;
      }
      void greeted(port, member, over).then((again) => again !== undefined && supervisor.note('bus', { ready: true }));
      return RESTART_MS;
    },
  );
  const version = await greeted(port, member, over);
  up = version !== undefined && member.running;
  return { member, version: up ? version : undefined };
}

/** Version in the greeting that a NATS server sends to whoever connects; undefined when the member ended first, or the time is over. */
async function greeted(port: number, member: Member, over: AbortSignal): Promise<string | undefined> {
  const deadline = performance.now() + ANSWER_MS;
  // A member that died once may be between its death and its restart.
  while (performance.now() < deadline && !over.aborted && (member.running || member.deaths === 1)) {
    const greeting = await firstLine(port);
    if (greeting?.startsWith('INFO ') === true) return versionIn(greeting);
    await delay(20);
  }
  return undefined;
}

async function firstLine(port: number): Promise<string | undefined> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (line: string | undefined): void => {
      socket.destroy();
      done(line);
    };
    socket.setTimeout(1000, () => end(undefined));
    socket.once('error', () => end(undefined));
    socket.once('close', () => end(undefined));
    socket.once('data', (data) => end(data.toString('utf8')));
  });
}
