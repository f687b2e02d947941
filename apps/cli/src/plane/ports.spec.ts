import { createServer } from 'node:net';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { freePort, isPortFree } from './ports.ts';

test('a port that somebody listens on is passed over', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  expect(await isPortFree(port)).toBe(false);
  expect(await freePort(port)).toBeGreaterThan(port);
  server.close();
});

test('4222 is never taken, even when it is free', async () => {
  expect(await freePort(4222, () => Promise.resolve(true))).toBe(4223);
});

test('when nothing is free the error names the range', async () => {
  const none = freePort(7421, () => Promise.resolve(false));
  await expect(none).rejects.toMatchObject({ code: 'E-PORT-BUSY', details: { first: 7421, last: 7520 } });
});
