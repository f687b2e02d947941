import { expect, test } from 'vitest';

import { redacted, withoutPasswords } from './redact.ts';

test.each([
  ['mongodb://user:p4ss@host:1/db', 'mongodb://user:***@host:1/db'],
  ['nats://token@host', 'nats://***@host'],
  ['two: a://u:p@h and b+c://x:y@z', 'two: a://u:***@h and b+c://x:***@z'],
  ['https://host/path@2', 'https://host/path@2'],
  ['unix:///var/run/docker.sock', 'unix:///var/run/docker.sock'],
  ['nobody@example.org', 'nobody@example.org'],
  ['https://u:p:with:colons@h', 'https://u:***@h'],
])('%s is shown as %s', (text, shown) => {
  expect(withoutPasswords(text)).toBe(shown);
});

test('values are hidden by the name of their key, at every depth; paths of key files stay', () => {
  const config = {
    archivePassword: 'x',
    apiToken: 'x',
    seed: 'x',
    clientSecrets: ['x', { deep: 'x' }],
    creds: '/keys/collector',
    engines: [{ url: 'tcp://u:x@h', key: '/tls/key.pem', passphrase: 'x' }],
    interval: 5,
  };
  expect(redacted(config)).toEqual({
    archivePassword: '***',
    apiToken: '***',
    seed: '***',
    clientSecrets: '***',
    creds: '/keys/collector',
    engines: [{ url: 'tcp://u:***@h', key: '/tls/key.pem', passphrase: '***' }],
    interval: 5,
  });
});

test('a password that was not escaped is hidden whole', () => {
  expect(withoutPasswords('mongodb://bob:pa/ss@h/db')).toBe('mongodb://bob:***@h/db');
  expect(withoutPasswords('mongodb://bob:p@s:s@h/db')).toBe('mongodb://bob:***@h/db');
  expect(withoutPasswords('nats://a:one@h1:1,nats://b:two@h2:2 and http://h:80/x')).toBe(
    'nats://a:***@h1:1,nats://b:***@h2:2 and http://h:80/x',
  );
});
