import { expect, test } from 'vitest';
import {
  checkBusybox,
  checkCgroup,
  checkClock,
  checkDisk,
  checkGo,
  checkKeys,
  checkNode,
  checkPressure,
} from './machine.ts';

const GIB = 1024 ** 3;
const unread = { unread: 'no such file' };

test.each([
  ['node', checkNode('24.21.0'), checkNode('20.1.0'), 'fail'],
  ['go', checkGo('go version go1.26.8'), checkGo(undefined), 'warn'],
  ['busybox', checkBusybox('/bin/busybox'), checkBusybox(undefined), 'warn'],
  ['cgroup', checkCgroup('2'), checkCgroup(unread), 'warn'],
  ['pressure', checkPressure(true), checkPressure(unread), 'warn'],
  ['disk', checkDisk('/x', 10 * GIB), checkDisk('/x', GIB), 'warn'],
  ['disk', checkDisk('/x', 10 * GIB), checkDisk('/x', 0), 'fail'],
  ['keys', checkKeys(3, []), checkKeys(3, ['/k/admin']), 'fail'],
  ['clock', checkClock(500), checkClock(-9000), 'warn'],
] as const)('%s: well, and not', (id, well, ill, status) => {
  expect(well).toEqual({ id, status: 'ok', detail: expect.any(String) });
  expect(ill).toEqual({ id, status, detail: expect.any(String), fix: expect.any(String) });
});

test('the fix of readable keys names the files', () => {
  expect(checkKeys(2, ['/k/a', '/k/b']).fix).toBe('chmod 600 /k/a /k/b');
});
