import { once } from 'node:events';
import { mkdtemp, mkdir, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { NO_ENGINE, ROOT, testPlane, until } from '../../e2e/up/plane.ts';

const pidOf = (mark: string | undefined): number => Number.parseInt(mark ?? '', 10);

test('a busy port is passed over, and the output says where the bus is', async () => {
  const holder = createServer().listen({ port: 7421, host: '127.0.0.1' });
  // Somebody else may have it already: the port is busy either way.
  await Promise.race([once(holder, 'listening'), once(holder, 'error')]);
  try {
    await using plane = await testPlane(NO_ENGINE);
    const { code, stdout } = await plane.run('up', '--once');
    expect(code).toBe(0);
    const port = Number(/nats:\/\/127\.0\.0\.1:(\d+)/.exec(stdout)?.[1]);
    expect(port).toBeGreaterThan(7421);
    expect(port).not.toBe(4222);
  } finally {
    holder.close();
  }
});

test('the broker is started again once on its store; its second death ends the plane with its own code', async () => {
  await using plane = await testPlane(NO_ENGINE);
  const up = plane.start('up', '-o', 'json');
  await until(() => up.stdout().length > 0);
  const busPid = (): number => pidOf(plane.state()?.processes.find(({ name, ready }) => name === 'bus' && ready)?.mark);
  const first = busPid();
  process.kill(first, 'SIGKILL');
  const second = await until(() => {
    const pid = busPid();
    return pid !== first && !Number.isNaN(pid) ? pid : undefined;
  });
  // The services come back by themselves, each when its next try to connect is due.
  await vi.waitFor(async () => expect(await plane.run('get', 'hosts', '-o', 'json')).toMatchObject({ code: 0 }), {
    timeout: 60_000,
  });
  process.kill(second, 'SIGKILL');
  const { code, stderr } = await up.ended;
  expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('E-UP-BUS-LOST') });
  expect(plane.members()).toEqual([]);
});

test('a service that dies is started again and answers', async () => {
  await using plane = await testPlane(NO_ENGINE);
  expect(await plane.run('up', '-d')).toMatchObject({ code: 0 });
  const collector = (): { mark: string; ready: boolean } | undefined =>
    plane.state()?.processes.find(({ name }) => name === 'collector');
  const before = collector()?.mark;
  process.kill(pidOf(before), 'SIGKILL');
  await until(() => collector()?.mark !== before && collector()?.ready === true);
  expect(await plane.run('get', 'hosts', '-o', 'json')).toMatchObject({ code: 0 });
});

test('without any way to a nats-server the error has the commands and exit code 6', async () => {
  const root = await mkdtemp(join(tmpdir(), 'seatrial-bare-'));
  try {
    // The same code in a checkout without tools, on a machine whose PATH has nothing.
    for (const name of ['apps', 'infra', 'services', 'node_modules']) await symlink(join(ROOT, name), join(root, name));
    await mkdir(join(root, 'bin'));
    await using plane = await testPlane({ ...NO_ENGINE, SEATRIAL_ROOT: root });
    const { code, stderr } = await plane.runBare(
      { PATH: join(root, 'bin'), SEATRIAL_ROOT: root },
      'up',
      '--once',
      '-o',
      'json',
    );
    expect(code).toBe(6);
    const { error } = JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '') as {
      error: { code: string; hint: string };
    };
    expect(error.code).toBe('E-BUS-NO-SERVER');
    expect(error.hint).toContain('go install github.com/nats-io/nats-server/v2@');
  } finally {
    await rm(root, { recursive: true, force: true });
  }
});
