import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:https';
import { describe, expect, test } from 'vitest';
import { DockerEngine } from './engine.ts';

/** A certificate for 127.0.0.1 that signs itself, with its key; empty texts without openssl. */
function selfSigned(): { cert: string; key: string } {
  const args = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'];
  const subject = ['-subj', '/CN=engine', '-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', '-', '-out', '-'];
  const pem = spawnSync('openssl', [...args, ...subject], { encoding: 'utf8' }).stdout ?? '';
  const part = (name: string): string =>
    new RegExp(`-----BEGIN ${name}-----[^]+-----END ${name}-----`).exec(pem)?.[0] ?? '';
  return { cert: part('CERTIFICATE'), key: part('PRIVATE KEY') };
}

const server = selfSigned();
const client = selfSigned();
if (server.key === '') console.warn('skipped: TLS to an engine: openssl makes no certificate here');

async function engineBehindTls(options: { requestCert: boolean }) {
  const https = createServer(
    { ...server, ...options, ca: client.cert, rejectUnauthorized: options.requestCert },
    (request, response) => {
      response.end(request.url === '/_ping' ? 'OK' : '{}');
    },
  );
  https.listen(0, '127.0.0.1');
  await once(https, 'listening');
  const address = https.address();
  return {
    url: `https://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
    async [Symbol.asyncDispose]() {
      https.closeAllConnections();
      await new Promise((resolve) => https.close(resolve));
    },
  };
}

describe.skipIf(server.key === '')('TLS to an engine', () => {
  test('a certificate that nobody vouches for is refused, and accepted with its authority', async () => {
    await using behind = await engineBehindTls({ requestCert: false });
    await using strange = new DockerEngine({ url: behind.url });
    await expect(strange.ping()).rejects.toMatchObject({
      code: 'E-SRC-TLS',
      hint: expect.stringContaining('certificate authority'),
    });
    await using known = new DockerEngine({ url: behind.url.replace('https', 'tcp'), tls: { ca: server.cert } });
    await expect(known.ping()).resolves.toBeUndefined();
  });

  test('an engine that wants a certificate of ours', async () => {
    await using behind = await engineBehindTls({ requestCert: true });
    await using without = new DockerEngine({ url: behind.url, tls: { ca: server.cert } });
    await expect(without.ping()).rejects.toMatchObject({ code: 'E-SRC-TLS' });
    await using withOurs = new DockerEngine({
      url: behind.url,
      tls: { ca: server.cert, cert: client.cert, key: client.key },
    });
    await expect(withOurs.ping()).resolves.toBeUndefined();
  });
});
