import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

/** What a stand-in answers; the path has no version any more. */
export type Answer = (path: string, response: ServerResponse, request: IncomingMessage) => void;

export interface EngineStandIn extends AsyncDisposable {
  readonly url: string;
  /** Paths that were asked for, with their version. */
  readonly asked: readonly string[];
}

/**
 * Speaks just enough HTTP for the faults that a real engine cannot be asked to show. Answers `/version` with API 1.41 unless `answer` does; what it leaves open
 * stays open.
 */
export async function standIn(answer: Answer): Promise<EngineStandIn> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    asked.push(url);
    const path = url.replace(/^\/v\d+\.\d+/, '');
    answer(path, response, request);
    if (!response.headersSent && path === '/version')
      response.end(JSON.stringify({ ApiVersion: '1.41', MinAPIVersion: '1.12', Version: '20.10.24' }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
