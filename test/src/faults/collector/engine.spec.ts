import { chmodSync, chownSync, copyFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';

import type { Bus } from '@seatrial/bus';
import {
  GapRecorded,
  type ResourceRecord,
  ResourcesList,
  ResourceSynced,
  TargetsList,
  type TargetState,
} from '@seatrial/contracts';
import { privateEngineImpossible, startBroker, startContainer, startEngine, until } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { collect, connect, scratch, startCollector } from '../../e2e/collector/running.ts';

const impossible = privateEngineImpossible();
if (impossible !== undefined) console.warn(`skipped: tests on an engine of their own: ${impossible}`);

const NOBODY = 65_534;
const BECOME_NOBODY = `data:text/javascript,process.setgroups([]);process.setgid(${NOBODY});process.setuid(${NOBODY})`;

const stateOf = async (bus: Bus, id: string): Promise<TargetState | undefined> =>
  (await bus.request(TargetsList, {})).targets.find((each) => each.id === id);

const containers = async (bus: Bus): Promise<ResourceRecord[]> =>
  (await bus.request(ResourcesList, { kinds: ['container'] })).resources;

describe.skipIf(impossible !== undefined)('an engine', () => {
  test(
    'that freezes is down, the gap is told; when it comes back the gap is closed and the estate is listed again',
    { timeout: 120_000 },
    async () => {
      using folder = scratch();
      await using broker = await startBroker();
      await using engine = await startEngine();
      await using container = await startContainer(engine);
      await using collector = startCollector(broker, {
        targets: [
          { id: 'own', src: 'docker', url: engine.url },
          { id: 'here', src: 'host' },
        ],
        archive: `${folder.path}/a.db`,
      });
      await collector.ready;
      await using viewer = await connect(broker);
      await until('it is watched', async () =>
        (await containers(viewer)).some(({ native }) => native === container.id),
      );
      await until('it is measured', async () => (await stateOf(viewer, 'own'))?.lastSampleAt !== undefined);
      await using gaps = collect((signal) => viewer.read(GapRecorded, { from: 'all', follow: true, signal }));
      await using synced = collect((signal) =>
        viewer.read(ResourceSynced, {
          filter: 'seatrial.evt.v1.estate.resource-synced.docker.own',
          from: 'new',
          follow: true,
          signal,
        }),
      );

      engine.freeze();
      const down = await until('it is told down', async () => {
        const state = await stateOf(viewer, 'own');
        return state?.health === 'down' && state;
      });
      expect(down).toMatchObject({
        code: 'E-SRC-UNREACHABLE',
        message: expect.stringContaining('no answer') as unknown,
      });
      expect(gaps.all.map(({ data }) => data.state)).toEqual(['open']);
      expect((await collector.health()).parts['targets']).toMatchObject({
        status: 'degraded',
        code: 'E-SRC-UNREACHABLE',
      });
      expect((await collector.health()).status).toBe('degraded');
      // The other target is not affected, and the containers that were known are read on from this machine.
      expect((await stateOf(viewer, 'here'))?.health).toBe('ok');

      engine.thaw();
      await until('it is well again', async () => (await stateOf(viewer, 'own'))?.health === 'ok');
      await until('the gap has its end', () => gaps.all.length === 2);
      expect(gaps.all.map(({ data }) => data.state)).toEqual(['open', 'lost']);
      expect(gaps.all[1]?.data.from).toBe(gaps.all[0]?.data.from);
      await until('it is listed again', () => synced.all.some(({ data }) => data.reason === 'reconnect'));
      expect((await collector.health()).parts['targets']).toEqual({ status: 'ok' });
    },
  );

  test(
    'that is not there at the start is down with a remedy; when it starts, restarts and dies the inventory follows',
    { timeout: 120_000 },
    async () => {
      using folder = scratch();
      await using broker = await startBroker();
      await using engine = await startEngine();
      await using container = await startContainer(engine, { hostConfig: { RestartPolicy: { Name: 'always' } } });
      await engine.stop();
      await using collector = startCollector(broker, {
        targets: [{ id: 'own', src: 'docker', url: engine.url }],
        archive: `${folder.path}/a.db`,
      });
      await collector.ready;
      await using viewer = await connect(broker);
      const down = await until('it is told down', async () => {
        const state = await stateOf(viewer, 'own');
        return state?.health === 'down' && state;
      });
      expect(down).toMatchObject({ code: 'E-SRC-UNREACHABLE', hint: expect.stringContaining('running') as unknown });

      const status = async (): Promise<string | undefined> =>
        (await containers(viewer)).find(({ native }) => native === container.id)?.status;
      await engine.start();
      await until('its containers are there', async () => (await status()) === 'running');
      const firstLife = (await containers(viewer)).find(({ native }) => native === container.id)?.attrs['startedAt'];
      await engine.kill();
      await until('it is down', async () => (await stateOf(viewer, 'own'))?.health === 'down');
      await engine.start();
      await until('it is well again', async () => (await stateOf(viewer, 'own'))?.health === 'ok');
      // The engine restarts the container: a new life with the same id, which is measured.
      await until('the new life is known', async () => {
        const now = (await containers(viewer)).find(({ native }) => native === container.id);
        return now?.status === 'running' && now.attrs['startedAt'] !== firstLife;
      });
    },
  );
});

describe('a socket', () => {
  test('without permission is told with its remedy, in the state of the target and in the health of the process, which goes on', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    const path = join(folder.path, 'docker.sock');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(path, resolve));
    try {
      const isRoot = process.getuid?.() === 0;
      chmodSync(path, 0o600);
      // Root may open any socket, so the collector is started as a user who may not.
      const key = join(folder.path, 'key');
      copyFileSync(broker.seedFile('collector'), key);
      if (isRoot) for (const file of [folder.path, key]) chownSync(file, NOBODY, NOBODY);
      else chmodSync(path, 0o000);
      await using collector = startCollector(broker, {
        targets: [
          { id: 'closed', src: 'docker', url: `unix://${path}` },
          { id: 'here', src: 'host' },
        ],
        archive: `${folder.path}/a.db`,
        env: { SEATRIAL_CREDS: key },
        nodeArgs: isRoot ? ['--import', BECOME_NOBODY] : [],
      });
      await until('health is degraded', async () => (await collector.health()).parts['targets']?.code === 'E-SRC-PERM');
      await using viewer = await connect(broker);
      expect(await stateOf(viewer, 'closed')).toMatchObject({
        health: 'down',
        code: 'E-SRC-PERM',
        hint: expect.stringContaining('usermod -aG docker') as unknown,
      });
      expect((await collector.health()).status).toBe('degraded');
      await until('the other target is well', async () => (await stateOf(viewer, 'here'))?.health === 'ok');
    } finally {
      server.close();
    }
  });

  test('with a certificate that cannot be read is told, and nothing else stops', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    await using collector = startCollector(broker, {
      targets: [{ id: 'far', src: 'docker', url: 'https://127.0.0.1:1', ca: `${folder.path}/none.pem` }],
      archive: `${folder.path}/a.db`,
    });
    await collector.ready;
    await using viewer = await connect(broker);
    const state = await until('it is told', async () => {
      const now = await stateOf(viewer, 'far');
      return now?.health === 'down' && now;
    });
    expect(state).toMatchObject({ code: 'E-SRC-TLS', message: expect.stringContaining('none.pem') as unknown });
  });
});
