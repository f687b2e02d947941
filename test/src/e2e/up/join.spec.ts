import { expect, test } from 'vitest';
import { NO_ENGINE, remains, testPlane, until } from './plane.ts';

test('a second `up` joins the plane that runs, and leaves it running; `down` ends it', async () => {
  await using plane = await testPlane(NO_ENGINE);
  const first = await plane.run('up', '-d', '-o', 'json');
  expect(first.code).toBe(0);
  const started = JSON.parse(first.stdout) as { mode: string; bus: string };
  expect(started.mode).toBe('started');
  const supervisor = plane.state()?.supervisor;

  const second = await plane.run('up', '--once', '-o', 'json');
  expect(second.code).toBe(0);
  expect(second.stderr).toContain('already running');
  expect(JSON.parse(second.stdout)).toMatchObject({ mode: 'attached', bus: started.bus });
  expect(plane.state()).toMatchObject({ supervisor, phase: 'ready' });

  expect(await plane.run('down')).toMatchObject({ code: 0 });
  expect(await remains(plane, started.bus)).toEqual([]);
});

test('of two at the same instant one starts the plane and the other joins it', async () => {
  await using plane = await testPlane(NO_ENGINE);
  const ends = await Promise.all([plane.run('up', '-d', '-o', 'json'), plane.run('up', '-d', '-o', 'json')]);
  expect(ends.map(({ code }) => code)).toEqual([0, 0]);
  const reports = ends.map(({ stdout }) => JSON.parse(stdout) as { mode: string; bus: string });
  expect(reports.map(({ mode }) => mode).toSorted((a, b) => a.localeCompare(b))).toEqual(['attached', 'started']);
  expect(reports[0]?.bus).toBe(reports[1]?.bus);
  expect(plane.state()?.processes).toHaveLength(3);
});

test('of two in the foreground at the same instant the later one joins; both end', async () => {
  await using plane = await testPlane(NO_ENGINE);
  const both = [plane.start('up'), plane.start('up')];
  await until(() => both.every(({ stdout }) => stdout().includes('Ready.')));
  const bus = plane.state()?.busUrl;
  const joined = both.filter(({ stderr }) => stderr().includes('attaching'));
  expect(joined).toHaveLength(1);
  // The one that joined leaves first; the plane goes with the one that started it.
  for (const up of both.toSorted((a, b) => joined.indexOf(b) - joined.indexOf(a))) {
    up.child.kill('SIGINT');
    expect(await up.ended).toMatchObject({ code: 130 });
  }
  expect(await remains(plane, bus)).toEqual([]);
});

test('`down` with nothing to do is no error, and `--purge` removes the data', async () => {
  await using plane = await testPlane(NO_ENGINE);
  expect(await plane.run('down')).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('no process') });
  expect(await plane.run('down', '--purge')).toMatchObject({ code: 0, stderr: expect.stringContaining(plane.data) });
});
