import { describe, expect, test } from 'vitest';
import { EngineUrlInvalid } from '../errors.ts';
import { parseEngineUrl } from './endpoint.ts';

const tls = { ca: 'pem' };

test.each([
  ['unix:///var/run/docker.sock', { socketPath: '/var/run/docker.sock', address: 'unix:///var/run/docker.sock' }],
  ['/run/user/1000/docker.sock', { socketPath: '/run/user/1000/docker.sock' }],
  ['tcp://build-1', { origin: 'http://build-1:2375' }],
  ['tcp://10.0.0.7:4243', { origin: 'http://10.0.0.7:4243' }],
  ['http://engine:80', { origin: 'http://engine:80' }],
  ['http://[::1]:2375/', { origin: 'http://[::1]:2375' }],
  ['https://engine', { origin: 'https://engine:2376' }],
])('%s', (url, endpoint) => {
  expect(parseEngineUrl(url)).toMatchObject(endpoint);
});

test('tcp means TLS when there is TLS material, and clear text never carries it', () => {
  expect(parseEngineUrl('tcp://engine', tls)).toMatchObject({ origin: 'https://engine:2376', tls });
  expect(parseEngineUrl('http://engine', tls)).not.toHaveProperty('tls');
});

describe('refused', () => {
  test.each([
    ['docker.sock', 'it is not a URL'],
    ['ssh://root@host', 'the scheme ssh: is not supported'],
    ['npipe:////./pipe/docker_engine', 'the scheme npipe: is not supported'],
    ['http://user:secret@host', 'it holds credentials'],
    ['http://host/path', 'it has a path behind the host'],
    ['unix://relative.sock', 'the path of a unix socket must be absolute'],
    [`/${'x'.repeat(107)}`, 'at most 107 bytes'],
  ])('%s', (url, reason) => {
    expect(() => parseEngineUrl(url)).toThrow(EngineUrlInvalid);
    expect(() => parseEngineUrl(url)).toThrow(reason);
  });

  test('the message does not repeat a password', () => {
    expect(() => parseEngineUrl('http://user:hunter2@host')).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining('hunter2') }),
    );
  });
});
