import { existsSync, readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { NO_ENGINE, remains, testPlane, until, type Running, type TestPlane } from '../../e2e/up/plane.ts';

/** Moments of a start, each told by a fact, in their order. */
const MOMENTS: Readonly<Record<string, (plane: TestPlane, up: Running) => unknown>> = {
  'the launcher runs': (_plane, up) => up.child.pid,
  'the first line is there': (_plane, up) => up.stdout().length > 0,
  'the supervisor has the lock': (plane) => existsSync(plane.data) && readdirSync(plane.data).includes('up.lock'),
  'the broker was started': (plane) => plane.state()?.processes.length === 1,
  'the bus answers': (plane) => plane.state()?.busUrl !== undefined,
  'the services were started': (plane) => plane.state()?.processes.length === 3,
  'the collector answers': (plane) => plane.state()?.processes.some(({ name, ready }) => name === 'collector' && ready),
  'the plane is ready': (plane) => plane.state()?.phase === 'ready',
  'the first look began': (_plane, up) => up.stdout().includes('First look'),
  'the summary is printed': (_plane, up) => up.stdout().includes('Ready.'),
};

test.each(Object.entries(MOMENTS))('Ctrl-C when %s: exit 130, and nothing is left', async (_name, moment) => {
  await using plane = await testPlane(NO_ENGINE);
  const up = plane.start('up');
  await until(() => Boolean(moment(plane, up)));
  const bus = plane.state()?.busUrl;
  up.child.kill('SIGINT');
  const { code } = await up.ended;
  expect({ code, remains: await remains(plane, bus) }).toEqual({ code: 130, remains: [] });
});

test('a command that is killed takes its plane along', async () => {
  await using plane = await testPlane(NO_ENGINE);
  const up = plane.start('up');
  await until(() => plane.state()?.phase === 'ready');
  const bus = plane.state()?.busUrl;
  up.child.kill('SIGKILL');
  await until(() => plane.state() === undefined && plane.members().length === 0);
  expect(await remains(plane, bus)).toEqual([]);
});

test('what a killed supervisor leaves is no plane to join: the next `up` ends it and starts its own', async () => {
  await using plane = await testPlane(NO_ENGINE);
  expect(await plane.run('up', '-d')).toMatchObject({ code: 0 });
  const before = plane.state();
  const marks = before?.processes.map(({ mark }) => Number.parseInt(mark, 10)) ?? [];
  process.kill(Number.parseInt(before?.supervisor ?? '', 10), 'SIGKILL');
  const { code, stdout } = await plane.run('up', '-d', '-o', 'json');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ mode: 'started' });
  expect(plane.members().filter((pid) => marks.includes(pid))).toEqual([]);
});
