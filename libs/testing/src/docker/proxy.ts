import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import type { TestEngine } from './engine.ts';

/** A TCP address that leads to the engine for as long as it is not cut. */
export interface EngineProxy extends AsyncDisposable {
  readonly url: string;
  /** Connections that are open now. */
  readonly open: number;
  /** Resets every open connection, in the middle of whatever it carries. New ones go through. */
  cut(): void;
  /** Refuses new connections too, until `restore`. */
  block(): void;
  restore(): void;
}

/** Puts a proxy in front of a real engine on a unix socket, so that its connections can be cut without touching the engine. */
export async function proxyEngine(engine: TestEngine): Promise<EngineProxy> {
  const socketPath = new URL(engine.url).pathname;
  const pairs = new Set<readonly [Socket, Socket]>();
  let blocked = false;
  const server = createServer((client) => {
    if (blocked) return client.resetAndDestroy();
    const upstream = connect(socketPath);
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const socket of pair) {
      socket.on('error', () => undefined);
      socket.on('close', () => {
        pairs.delete(pair);
        for (const side of pair) side.destroy();
      });
    }
    client.pipe(upstream).pipe(client);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  const cut = (): void => {
    for (const [client, upstream] of pairs) {
      client.resetAndDestroy();
      upstream.destroy();
    }
  };
  return {
    url: `tcp://127.0.0.1:${address.port}`,
    get open() {
      return pairs.size;
    },
    cut,
    block() {
      blocked = true;
      cut();
    },
    restore() {
      blocked = false;
    },
    async [Symbol.asyncDispose]() {
      blocked = true;
      cut();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
