import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { Bus, type BusOptions, type BusStatus } from '@seatrial/bus';
import { ResourceSynced } from '@seatrial/contracts';
import { startBroker, until, type Broker } from '@seatrial/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { asService } from './client.ts';
import { synced } from './messages.ts';

let broker: Broker;
beforeAll(async () => {
  broker = await startBroker();
});
afterAll(() => broker[Symbol.asyncDispose]());

const connecting = (options: Partial<BusOptions>): Promise<Bus> =>
  Bus.connect({ url: broker.url, as: { service: 'collector' }, connectTimeoutMs: 2_000, ...options });

/** A server that answers every connection with the same bytes. */
async function speaking(text: string): Promise<{ url: string } & AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.write(text);
    // A server that greets also answers pings.
    socket.on('data', (data) => void (data.toString().includes('PING') && socket.write('PONG\r\n')));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `nats://127.0.0.1:${address.port}`,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('connecting', () => {
  test('without a key names what is missing', async () => {
    await expect(connecting({})).rejects.toMatchObject({ code: 'E-AUTH-REQUIRED' });
  });

  test('with a key that the server does not know is refused at once, not at the deadline', async () => {
    await using other = await startBroker({ provision: false });
    await expect(connecting({ seed: other.seed('collector'), connectTimeoutMs: 600_000 })).rejects.toMatchObject({
      code: 'E-AUTH-CREDS',
    });
  });

  test('names a key file that is missing or holds no key, and never what it holds', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatrial-key-'));
    try {
      const file = join(folder, 'key');
      await expect(connecting({ seedFile: file })).rejects.toMatchObject({
        code: 'E-AUTH-CREDS',
        message: expect.stringContaining(file),
      });
      writeFileSync(file, 'SUPLANTEDSECRET');
      const error = await connecting({ seedFile: file }).catch((e: unknown) => e);
      expect(error).toMatchObject({ code: 'E-AUTH-CREDS' });
      expect(inspect(error, { depth: 10 })).not.toContain('PLANTED');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('to where nobody listens ends at its deadline and names the address without its password', async () => {
    const error = await connecting({ url: 'nats://user:hunter2@127.0.0.1:1', connectTimeoutMs: 500 }).catch(
      (e: unknown) => e,
    );
    expect(error).toMatchObject({ code: 'E-BUS-UNREACHABLE', message: expect.stringContaining('127.0.0.1:1') });
    expect(String(error)).not.toContain('hunter2');
  });

  test('to something that is no broker ends at its deadline', async () => {
    await using web = await speaking('HTTP/1.1 400 Bad Request\r\n\r\n');
    await expect(connecting({ url: web.url, connectTimeoutMs: 500 })).rejects.toMatchObject({
      code: 'E-BUS-UNREACHABLE',
    });
    await using silent = await speaking('');
    await expect(connecting({ url: silent.url, connectTimeoutMs: 500 })).rejects.toMatchObject({
      code: 'E-BUS-UNREACHABLE',
    });
  });

  test.each(['2.10.29', '1.4.0'])('to nats-server %s says that it is too old', async (version) => {
    const info = JSON.stringify({ server_id: 'X', version, headers: true, max_payload: 1_048_576, proto: 1 });
    await using old = await speaking(`INFO ${info}\r\n`);
    await expect(connecting({ url: old.url })).rejects.toMatchObject({
      code: 'E-BUS-VERSION',
      message: expect.stringContaining(version),
    });
  });

  test.each([
    [{ url: '' }, 'url'],
    [{ connectTimeoutMs: 0 }, 'connectTimeoutMs'],
  ])('with an option out of range names it: %j', async (options, field) => {
    await expect(connecting(options)).rejects.toMatchObject({ code: 'E-BUS-CONFIG', details: { field } });
  });

  test('waits for a broker that starts after it', async () => {
    const port = Number(new URL(broker.url).port);
    await broker.stop();
    const bus = connecting({ seedFile: broker.seedFile('collector'), connectTimeoutMs: 30_000 });
    await broker.restart();
    expect(Number(new URL(broker.url).port)).toBe(port);
    await (await bus).close();
  });
});

test('the state of the connection is told as it changes, and `connected` says the same', async () => {
  const seen: string[] = [];
  const bus = await asService(broker, 'collector', { onStatus: (status: BusStatus) => seen.push(String(status)) });
  expect(bus.connected).toBe(true);
  await broker.kill();
  await until('it notices', () => !bus.connected);
  expect(seen).toContain('disconnected');
  await broker.restart();
  await until('it is back', () => bus.connected);
  expect(bus.metrics.reconnects.total).toBe(1);
  await bus.publish(ResourceSynced, synced());
  await bus.close();
  expect(seen.at(0)).toBe('connected');
  expect(seen.at(-1)).toBe('closed');
});

test('closing happens once, for all who ask, after what was sent is answered; then nothing can be sent', async () => {
  const bus = await asService(broker, 'collector');
  const order: string[] = [];
  bus.onClose('finish', async () => {
    await bus.publish(ResourceSynced, synced());
    order.push('finish');
  });
  bus.onClose('stop', () => void order.push('stop'));
  const published = bus.publish(ResourceSynced, synced());
  const first = bus.close();
  expect(bus.close()).toBe(first);
  await first;
  expect((await published).sequence).toBeGreaterThan(0);
  expect(order).toEqual(['stop', 'finish']);
  expect(bus.connected).toBe(false);
  await expect(bus.publish(ResourceSynced, synced())).rejects.toMatchObject({ code: 'E-BUS-CLOSED' });
});
