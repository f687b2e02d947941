import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** A loaded machine may take long to start a process; a healthy one takes 50 ms. */
const START_MS = 30_000;

/** One nats-server process that answers. */
export interface ServerProcess {
  readonly process: ChildProcess;
  readonly exited: Promise<void>;
}

/** Starts nats-server on a configuration file. Resolves when it greets on its port. @throws with the end of its log when it does not */
export async function startServer(
  binary: string,
  configFile: string,
  logFile: string,
  port: number,
): Promise<ServerProcess> {
  const log = openSync(logFile, 'a', 0o600);
  const child = spawn(binary, ['-c', configFile], { stdio: ['ignore', log, log] });
  closeSync(log);
  const exited = once(child, 'exit').then(() => {});
  const deadline = performance.now() + START_MS;
  for (;;) {
    if (child.exitCode !== null || child.signalCode !== null || performance.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error(`nats-server does not start: ${readFileSync(logFile, 'utf8').slice(-2000)}`);
    }
    if (await greets(port)) return { process: child, exited };
    await delay(10);
  }
}

/** A port of the loopback that is free now. Another process may take it before it is used: whoever starts a server on it tries again. */
export async function ephemeralPort(): Promise<number> {
  const server = createServer();
  server.listen({ port: 0, host: '127.0.0.1', exclusive: true });
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether a NATS server says INFO there. */
async function greets(port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ port, host: '127.0.0.1' });
    const end = (answer: boolean): void => {
      socket.destroy();
      done(answer);
    };
    socket.setTimeout(1000, () => end(false));
    socket.once('error', () => end(false));
    socket.once('data', (text) => end(text.toString('latin1').startsWith('INFO ')));
  });
}
