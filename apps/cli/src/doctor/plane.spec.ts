import { SeatrialError } from '@seatrial/contracts';
import { expect, test } from 'vitest';
import { planEngine } from '../engine/plan.ts';
import { checkEngine } from './engine.ts';
import { checkContracts, checkJetStream, checkPlane, checkPort, checkServer, type PlaneFact } from './plane.ts';

const plane: PlaneFact = {
  pid: 7,
  busUrl: 'nats://127.0.0.1:7421',
  deadLetters: 0,
  services: [{ name: 'collector', version: '0.1.0' }],
};
const own = { version: '0.1.0', count: 20 };
const plan = planEngine({ root: true, debian: true, dockerd: false, systemd: true, initScript: false, local: true });
const error = new SeatrialError('no permission', { code: 'E-SRC-PERM' });
const engine = {
  state: 'answers',
  url: 'unix:///s',
  version: '20.10',
  containers: 2,
  running: 1,
  cgroupVersion: '1',
} as const;

test.each([
  [
    'nats-server',
    checkServer({ version: '2.15.1', path: '/p' }),
    checkServer({ tooOld: '2.9.10', path: '/p' }),
    'warn',
  ],
  ['nats-server', checkServer({ version: '2.15.1', path: '/p' }), checkServer({ none: true }), 'warn'],
  ['port', checkPort(7421, 'nobody'), checkPort(7421, 'other'), 'warn'],
  ['plane', checkPlane(plane), checkPlane(undefined), 'warn'],
  ['plane', checkPlane(plane), checkPlane({ ...plane, services: [{ name: 'collector', version: undefined }] }), 'fail'],
  ['jetstream', checkJetStream(plane), checkJetStream({ ...plane, deadLetters: { unread: 'disabled' } }), 'fail'],
  ['jetstream', checkJetStream(plane), checkJetStream({ ...plane, deadLetters: 2 }), 'warn'],
  ['contracts', checkContracts(own, plane), checkContracts({ ...own, version: '0.2.0' }, plane), 'warn'],
  [
    'engine',
    checkEngine(engine, plan),
    checkEngine({ state: 'denied', url: 'unix:///s', error, client: true }, plan),
    'warn',
  ],
  [
    'engine',
    checkEngine(engine, plan),
    checkEngine({ state: 'silent', url: 'unix:///s', error, client: false }, plan),
    'warn',
  ],
] as const)('%s: well, and not', (id, well, ill, status) => {
  expect(well).toEqual({ id, status: 'ok', detail: expect.any(String) });
  expect(ill).toEqual({ id, status, detail: expect.any(String), fix: expect.any(String) });
});

test('the port of the own bus is well', () => {
  expect(checkPort(7421, 'plane').status).toBe('ok');
});

test('where an engine can be had the fix is the line that brings it', () => {
  expect(checkEngine({ state: 'silent', url: 'unix:///s', error, client: false }, plan).fix).toContain(
    'apt-get install -y docker.io',
  );
});
