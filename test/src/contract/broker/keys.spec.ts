import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { BUS_USERS } from '@seatrial/infra';
import { startBroker } from '@seatrial/testing';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';

afterEach(() => void vi.unstubAllEnvs());

test('processes that start at once on an empty folder agree on the keys', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'seatrial-keys-'));
  onTestFinished(async () => rm(directory, { recursive: true }));
  const script = `import { ensureKeys } from '@seatrial/infra'; console.log(JSON.stringify(ensureKeys(process.argv[1]).users));`;
  const make = async (): Promise<string> =>
    (
      await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, join(directory, 'keys')], {
        cwd: import.meta.dirname,
      })
    ).stdout;
  const [first, ...others] = await Promise.all([make(), make(), make(), make()]);
  for (const other of others) expect(other).toBe(first);
  expect((await readdir(join(directory, 'keys'))).toSorted((a, b) => a.localeCompare(b))).toEqual(
    [...BUS_USERS].toSorted((a, b) => a.localeCompare(b)),
  );
});

test('a test without a server says how to get one', async () => {
  vi.stubEnv('SEATRIAL_NATS_SERVER', '/nowhere/nats-server');
  await expect(startBroker()).rejects.toThrow('./seatrial tools nats-server');
});
