import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { TestEngine } from '@seatrial/testing';

/** One request that came to the proxy. */
export interface RecordedRequest {
  readonly method: string;
  /** Without the version of the API, e.g. `/containers/json?all=1`. */
  readonly path: string;
}

/** A unix socket that leads to the engine for GET requests only, and remembers all. */
export interface RecordingProxy extends AsyncDisposable {
  readonly url: string;
  readonly requests: readonly RecordedRequest[];
  /** Keeps requests back from the engine until `release`. */
  hold(which: (path: string) => boolean): void;
  release(): void;
}

/** Puts a recording proxy before an engine on a unix socket. Whatever is not a GET is refused and does not reach the engine. */
export async function recordRequests(engine: TestEngine): Promise<RecordingProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'seatrial-proxy-'));
  const path = join(folder, 'engine.sock');
  const requests: RecordedRequest[] = [];
  const held: (() => void)[] = [];
  let holds: (path: string) => boolean = () => false;
  const server = createServer((incoming, answer) => {
    const { method = '', url = '' } = incoming;
    requests.push({ method, path: url.replace(/^\/v[\d.]+/, '') });
    if (method !== 'GET') return answer.writeHead(405).end('{"message":"only GET"}');
    const go = (): void => pass(new URL(engine.url).pathname, incoming, answer);
    return holds(url) ? held.push(go) : go();
  });
  server.listen(path);
  await once(server, 'listening');
  return {
    url: `unix://${path}`,
    requests,
    hold(which) {
      holds = which;
    },
    release() {
      holds = () => false;
      for (const go of held.splice(0)) go();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function pass(socketPath: string, incoming: IncomingMessage, answer: ServerResponse): void {
  const outgoing = request({ socketPath, method: 'GET', path: incoming.url, headers: incoming.headers }, (reply) => {
    answer.writeHead(reply.statusCode ?? 502, reply.headers);
    // A stream of events says that it is open long before its first event.
    answer.flushHeaders();
    reply.pipe(answer);
    reply.on('error', () => answer.destroy());
  });
  outgoing.on('error', () => answer.destroy());
  answer.on('close', () => outgoing.destroy());
  outgoing.end();
}
