import { expect, test } from 'vitest';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { parseTcpListeners, parseUnixListeners, readListeners } from './listeners.ts';

const HEAD = '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode';

test('listening sockets only, with readable addresses', () => {
  const text = [
    HEAD,
    '   0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 1 1 0 100 0 0 10 0',
    '   1: 00000000:0016 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2 1 0 100 0 0 10 0',
    '   2: 0100007F:1F90 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 3 1 0 100 0 0 10 0',
    '   3: 00000000000000000000000001000000:0050 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 4 1',
  ].join('\n');
  expect(parseTcpListeners(text)).toEqual([
    { address: '127.0.0.1', port: 8080 },
    { address: '0.0.0.0', port: 22 },
    { address: '::1', port: 80 },
  ]);
  expect(parseTcpListeners('something else')).toBeUndefined();
});

test('unix sockets that accept connections, abstract names and blanks included', () => {
  const text = [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '0000000000000000: 00000002 00000000 00010000 0001 01 18113 /var/run/docker.sock',
    '0000000000000000: 00000003 00000000 00000000 0001 03 18114 /var/run/connected.sock',
    '0000000000000000: 00000002 00000000 00010000 0001 01 18115 @abstract name',
    '0000000000000000: 00000002 00000000 00010000 0001 01 18116',
  ].join('\n');
  expect(parseUnixListeners(text)).toEqual(['/var/run/docker.sock', '@abstract name']);
});

test('a real listener of this process is found', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const { tcp } = readListeners(process.pid);
    expect(tcp).toHaveProperty('value', expect.arrayContaining([{ address: '127.0.0.1', port }]));
  } finally {
    server.close();
  }
});
