import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { HealthPortBusy } from '../errors.ts';
import type { Health } from './health.ts';

export interface HealthServerOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly health: Health;
  /** Names in every answer. */
  readonly identity: Readonly<Record<string, string>>;
  /** Text of `/metrics`. */
  readonly metrics: () => Promise<{ readonly type: string; readonly text: string }>;
}

/** Serves `/health/live`, `/health/ready` and `/metrics`. */
export interface HealthServer extends AsyncDisposable {
  /** `http://127.0.0.1:<port>` */
  readonly url: string;
}

/** A prober that does not finish its request within this time, ms, is cut off. */
const REQUEST_MS = 10_000;

/** Listens. Live answers as long as the process takes turns: it asks neither the bus nor any part. @throws HealthPortBusy */
export async function serveHealth(options: HealthServerOptions): Promise<HealthServer> {
  const server = createServer({ requestTimeout: REQUEST_MS, headersTimeout: REQUEST_MS }, (request, response) => {
    answer(request, response, options).catch((error: unknown) => {
      send(response, 500, 'application/json', JSON.stringify({ status: 'error', message: String(error) }));
    });
  });
  try {
    server.listen(options.port, options.host);
    await once(server, 'listening');
  } catch (error) {
    throw new HealthPortBusy(options.host, options.port, error);
  }
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, options: HealthServerOptions): Promise<void> {
  const json = (status: number, body: object): void =>
    send(response, status, 'application/json', JSON.stringify({ ...options.identity, ...body }));
  if (request.method !== 'GET' && request.method !== 'HEAD') return json(405, { status: 'error', message: 'only GET' });
  switch (request.url?.split('?')[0]) {
    case '/health/live':
      return json(200, { status: 'ok' });
    case '/health/ready': {
      const { report } = options.health;
      return json(report.status === 'unavailable' ? 503 : 200, report);
    }
    case '/metrics': {
      const { type, text } = await options.metrics();
      return send(response, 200, type, text);
    }
    default:
      return json(404, { status: 'error', message: 'there are /health/live, /health/ready and /metrics' });
  }
}

function send(response: ServerResponse, status: number, type: string, body: string): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
