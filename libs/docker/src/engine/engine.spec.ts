import { once } from 'node:events';
import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { DockerEngine } from './engine.ts';
import { standIn } from './stand-in.ts';

const json = (value: unknown): string => JSON.stringify(value);

describe('the version is agreed on', () => {
  test('an engine below API 1.41 is refused with what it offers', async () => {
    await using server = await standIn((path, response) => {
      if (path === '/version') response.end(json({ ApiVersion: '1.40', Version: '19.03' }));
    });
    await using engine = new DockerEngine({ url: server.url });
    await expect(engine.listContainers()).rejects.toMatchObject({
      code: 'E-ESTATE-DOCKER-API',
      message: expect.stringContaining('offers API 1.40; 1.41 or newer is needed'),
    });
  });

  test.each([
    [{ ApiVersion: '1.41', MinAPIVersion: '1.12' }, '/v1.41/'],
    [{ ApiVersion: '1.51', MinAPIVersion: '1.24' }, '/v1.44/'],
    [{ ApiVersion: '1.60', MinAPIVersion: '1.50' }, '/v1.50/'],
  ])('%j is asked in %s', async (offer, prefix) => {
    await using server = await standIn((path, response) => {
      if (path === '/version') response.end(json({ ...offer, Version: 'x' }));
      else response.end('[]');
    });
    await using engine = new DockerEngine({ url: server.url });
    expect(await engine.listContainers()).toEqual([]);
    expect(await engine.listImages()).toEqual([]);
    expect(server.asked).toEqual(['/version', `${prefix}containers/json?all=1`, `${prefix}images/json`]);
  });

  test('a failed question is asked again', async () => {
    let tries = 0;
    await using server = await standIn((path, response) => {
      if (path === '/version' && tries++ === 0) response.writeHead(503).end(json({ message: 'starting' }));
      else if (path !== '/version') response.end('[]');
    });
    await using engine = new DockerEngine({ url: server.url });
    await expect(engine.listNetworks()).rejects.toMatchObject({
      code: 'E-ESTATE-ENGINE',
      retryable: true,
      message: expect.stringContaining('503: starting'),
    });
    await expect(engine.listNetworks()).resolves.toEqual([]);
  });
});

describe('answers that are none', () => {
  test.each([
    ['text', 'it works!', 'is not JSON'],
    ['another shape', '{}', 'is not a list'],
    ['a list of something else', '[{"id":1}]', 'has no Id'],
  ])('%s', async (_, body, reason) => {
    await using server = await standIn((path, response) => {
      if (path !== '/version') response.end(body);
    });
    await using engine = new DockerEngine({ url: server.url });
    await expect(engine.listContainers()).rejects.toMatchObject({
      code: 'E-ESTATE-PROTOCOL',
      message: expect.stringContaining(reason),
    });
  });

  test('a server that does not speak HTTP', async () => {
    const server = createServer((socket) => socket.end('INFO {"server_id":"x"}\r\n')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await using engine = new DockerEngine({ url: `http://127.0.0.1:${port}` });
    await expect(engine.ping()).rejects.toMatchObject({ code: 'E-ESTATE-PROTOCOL' });
    server.close();
  });

  test('an inspect of more than 4 MiB is refused, announced or not, and the connection is not read to its end', async () => {
    const whole = 64;
    let sent = 0;
    await using server = await standIn((path, response) => {
      if (path === '/containers/announced/json') {
        const body = json({ Id: 'x', Env: 'e'.repeat(5 * 1024 * 1024) });
        response.setHeader('content-length', Buffer.byteLength(body));
        response.end(body);
      }
      if (path === '/containers/endless/json') {
        const next = (): void => {
          if (response.destroyed || sent === whole) return;
          sent++;
          response.write('x'.repeat(1024 * 1024), () => setImmediate(next));
        };
        next();
      }
    });
    await using engine = new DockerEngine({ url: server.url });
    for (const id of ['announced', 'endless']) {
      await expect(engine.inspect(id)).rejects.toMatchObject({
        code: 'E-SRC-TOO-LARGE',
        details: { limitBytes: 4_194_304 },
      });
    }
    expect(sent).toBeLessThan(whole);
  });

  test('an answer that does not come is unreachable after its time, one that drips as well', async () => {
    await using server = await standIn((path, response) => {
      if (path === '/info') response.write('{"ID":');
    });
    await using engine = new DockerEngine({ url: server.url, timeoutMs: 100 });
    await expect(engine.info()).rejects.toMatchObject({
      code: 'E-SRC-UNREACHABLE',
      message: expect.stringContaining('no answer to /v1.41/info within 100 ms'),
    });
    await expect(engine.inspect('silent')).rejects.toMatchObject({ code: 'E-SRC-UNREACHABLE', retryable: true });
  });

  test('the caller may give up; its reason comes back', async () => {
    await using server = await standIn(() => undefined);
    await using engine = new DockerEngine({ url: server.url });
    const reason = new Error('shutting down');
    const asking = engine.info(AbortSignal.abort(reason));
    await expect(asking).rejects.toBe(reason);
  });
});

describe('no engine', () => {
  test.each(['..', 'a/b', 'x?all=1', ''])('%j cannot be a container and is not asked for', async (id) => {
    await using server = await standIn(() => undefined);
    await using engine = new DockerEngine({ url: server.url });
    await expect(engine.inspect(id)).rejects.toMatchObject({ code: 'E-ESTATE-NOT-FOUND' });
    expect(server.asked.filter((path) => path !== '/version')).toEqual([]);
  });

  test('a socket that does not exist, and a file that is no socket', async () => {
    await using dir = await mkdtempDisposable(join(tmpdir(), 'seatrial-engine-'));
    await using missing = new DockerEngine({ url: `unix://${dir.path}/docker.sock` });
    await expect(missing.ping()).rejects.toMatchObject({
      code: 'E-SRC-UNREACHABLE',
      message: expect.stringContaining('the socket does not exist'),
    });
    await writeFile(join(dir.path, 'file'), '');
    await using file = new DockerEngine({ url: join(dir.path, 'file') });
    await expect(file.ping()).rejects.toMatchObject({ code: 'E-SRC-UNREACHABLE' });
  });

  test('a port where nobody listens', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    await new Promise((resolve) => free.close(resolve));
    await using engine = new DockerEngine({ url: `tcp://127.0.0.1:${port}` });
    await expect(engine.ping()).rejects.toMatchObject({
      code: 'E-SRC-UNREACHABLE',
      message: expect.stringContaining('nobody listens there'),
    });
  });

  test('TLS to a clear-text port', async () => {
    await using server = await standIn(() => undefined);
    await using engine = new DockerEngine({ url: server.url.replace('http:', 'https:') });
    await expect(engine.ping()).rejects.toMatchObject({ code: 'E-SRC-TLS' });
  });

  test('after it was closed', async () => {
    await using server = await standIn(() => undefined);
    const engine = new DockerEngine({ url: server.url });
    await engine[Symbol.asyncDispose]();
    await engine[Symbol.asyncDispose]();
    await expect(engine.ping()).rejects.toMatchObject({ code: 'E-SRC-UNREACHABLE' });
  });
});
