import { request } from 'node:http';

import type { TestEngine } from '@seatrial/testing';

/** One call of the Engine API over its socket, apart from the client that is tested. Returns the body. @throws on a status of 400 or more */
export async function callEngine(engine: TestEngine, method: 'GET' | 'POST', path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath: new URL(engine.url).pathname, method, path }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.on('end', () =>
        (response.statusCode ?? 500) < 400 ? resolve(text) : reject(new Error(`${response.statusCode} ${text}`)),
      );
    });
    call.on('error', reject).end();
  });
}
