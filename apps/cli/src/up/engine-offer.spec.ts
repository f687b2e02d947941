import { createServer } from 'node:http';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { layoutOf } from '../layout.ts';
import { testSession } from '../testing/session.ts';
import { findEngine } from './engine-offer.ts';
import { engineSource } from './sources.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'seatrial-offer-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const never = new AbortController().signal;

test.each([
  { yes: false, noInstall: false },
  { yes: false, noInstall: true },
])('no engine is said once, and nothing is done about it without a yes (%o)', async (offer) => {
  const { session, stderr, stdout } = testSession({ env: { DOCKER_HOST: `unix://${root}/docker.sock`, PATH: '' } });
  const { state, plan } = await findEngine(offer, layoutOf({ SEATRIAL_ROOT: root }), session, never);
  expect(state.state).toBe('silent');
  expect(stderr()).toBe(`no Docker engine at ${root}/docker.sock\n`);
  expect(stdout()).toBe('');
  expect(engineSource(state, plan)).toMatchObject({ status: 'not found', simulated: false, objects: 0 });
});

test.each(['ssh://root:secret@host', 'docker.sock'])(
  'DOCKER_HOST=%s is an error before anything starts',
  async (address) => {
    const { session } = testSession({ env: { DOCKER_HOST: address, PATH: '' } });
    const found = findEngine({ yes: true, noInstall: false }, layoutOf({ SEATRIAL_ROOT: root }), session, never);
    await expect(found).rejects.toMatchObject({
      code: 'E-ESTATE-INVALID',
      message: expect.not.stringContaining('secret'),
    });
    await expect(found).rejects.toThrow(/^DOCKER_HOST: /);
  },
);

test('a yes that cannot be carried out is answered with the reason', async () => {
  const { session, stderr } = testSession({ env: { DOCKER_HOST: `unix://${root}/docker.sock`, PATH: '' } });
  await findEngine({ yes: true, noInstall: false }, layoutOf({ SEATRIAL_ROOT: root }), session, never);
  expect(stderr()).toContain('cannot bring an engine: DOCKER_HOST names an engine elsewhere');
});

test('an engine that answers is named with its version and what runs there', async () => {
  const answers: Readonly<Record<string, unknown>> = {
    '/_ping': 'OK',
    '/version': { Version: '20.10.24', ApiVersion: '1.41' },
    '/v1.41/info': { ID: 'x', Name: 'sea', Containers: 3, ContainersRunning: 2, CgroupVersion: '2' },
  };
  const server = createServer((request, response) => {
    const body = answers[request.url ?? ''];
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(join(root, 'docker.sock'));
  await once(server, 'listening');
  const { session, stderr } = testSession({ env: { DOCKER_HOST: `unix://${root}/docker.sock`, PATH: '' } });
  const { state, plan } = await findEngine(
    { yes: false, noInstall: false },
    layoutOf({ SEATRIAL_ROOT: root }),
    session,
    never,
  );
  server.close();
  expect(stderr()).toBe('');
  expect(engineSource(state, plan)).toMatchObject({ status: 'real', version: '20.10.24', objects: 3 });
});
