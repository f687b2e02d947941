import { DockerControl } from '@seatrial/docker';
import {
  Inventory,
  ResourceChanged,
  ResourcesList,
  ResourceSynced,
  SourceEvents,
  TargetsList,
} from '@seatrial/contracts';
import { createContainer, requireDocker, startBroker, startContainer, until } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { callEngine } from './engine-calls.ts';
import { collect, connect, scratch, startCollector } from './running.ts';

const docker = await requireDocker();
const targets = [
  { id: 'local', src: 'docker', url: docker.url },
  { id: 'here', src: 'host' },
];

describe.skipIf(docker.skip !== undefined)('inventory', () => {
  test('a container is in the inventory with its relations, and every change of it is told once and in order', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    await using before = await startContainer(docker, { hostConfig: { Memory: 64 * 2 ** 20, NanoCpus: 5e8 } });
    await using collector = startCollector(broker, { targets, archive: `${folder.path}/a.db` });
    await collector.ready;
    await using viewer = await connect(broker);
    // Who reads the inventory bucket is the auditor.
    await using reader = await connect(broker, 'isolation-auditor');
    const inventory = reader.bucket(Inventory);
    const key = (id: string): string => `local.container.${id}`;

    const record = await until(
      'the container is listed',
      async () => (await inventory.entries()).find((each) => each.key === key(before.id))?.value,
    );
    expect(record).toMatchObject({
      id: `local/${before.id}`,
      kind: 'container',
      name: before.name,
      status: 'running',
      attrs: { memoryLimitBytes: 64 * 2 ** 20, cpuLimit: 0.5, restarts: 0 },
    });
    expect(record.rel.map(({ type }) => type)).toEqual(['connected-to', 'managed-by', 'runs-on']);
    const ids = new Set((await inventory.entries()).map(({ value }) => value.id));
    for (const { to } of record.rel) expect(ids).toContain(to);
    const engine = (await inventory.entries()).find(({ value }) => value.kind === 'engine')?.value;
    expect(engine?.rel).toMatchObject([{ type: 'runs-on', to: 'here/host', confidence: 0.9 }]);

    await using changes = collect((signal) =>
      viewer.read(ResourceChanged, {
        filter: 'seatrial.evt.v1.estate.resource-changed.docker.local.container',
        from: 'all',
        follow: true,
        signal,
      }),
    );
    const of = (id: string): string[] =>
      changes.all
        .flatMap(({ data }) => data.changes)
        .filter((change) => change.id === `local/${id}`)
        .map(({ op, after, changed }) =>
          [op, after?.status ?? '', after?.name ?? '', changed.filter((field) => /^.(name|status)$/.test(field)).join()]
            .join(' ')
            .trim(),
        );

    const born = await startContainer(docker);
    try {
      const renamed = `${born.name}-renamed`;
      await until('it runs in the inventory', () => of(born.id).some((change) => change.includes('running')));
      await callEngine(docker, 'POST', `/containers/${born.id}/rename?name=${renamed}`);
      await until('its new name is told', () => of(born.id).some((change) => change.includes('/name')));
      await new DockerControl({ url: docker.url }).stop(born.id, 5);
      await until('its end is told', () => of(born.id).some((change) => change.includes('exited')));
      await born[Symbol.asyncDispose]();
      await until('its removal is told', () => of(born.id).some((change) => change.startsWith('removed')));
      const told = of(born.id);
      expect(told[0]).toMatch(/^added /);
      expect(told.filter((change) => change.includes('/name'))).toEqual([`modified running ${renamed} /name`]);
      expect(told.filter((change) => change.startsWith('modified exited'))).toEqual([
        `modified exited ${renamed} /status`,
      ]);
      expect(told.at(-1)).toBe('removed');
      expect(told.filter((change) => change === 'removed')).toHaveLength(1);
    } finally {
      await born[Symbol.asyncDispose]();
    }
    expect((await inventory.entries()).some((each) => each.key === key(born.id))).toBe(false);
    await using synced = collect((signal) => viewer.read(ResourceSynced, { from: 'all', follow: true, signal }));
    await until('the first listings are told', () => synced.all.length >= 2);
    expect(synced.all.map(({ data }) => [data.tgt, data.reason])).toEqual(
      expect.arrayContaining([
        ['local', 'start'],
        ['here', 'start'],
      ]),
    );
  });

  test('containers that are gone before they can be looked at leave nothing behind, and no error', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    await using collector = startCollector(broker, { targets: targets.slice(0, 1), archive: `${folder.path}/a.db` });
    await collector.ready;
    await using viewer = await connect(broker);
    await until('the engine is watched', async () =>
      (await viewer.request(TargetsList, {})).targets.some(({ health }) => health === 'ok'),
    );
    await using events = collect((signal) => viewer.read(SourceEvents, { from: 'all', follow: true, signal }));
    const control = new DockerControl({ url: docker.url });
    const shortLived = { cmd: ['true'], hostConfig: { AutoRemove: true } };
    const ids = await Promise.all(
      Array.from({ length: 8 }, async () => {
        const { id } = await createContainer(docker, shortLived);
        await control.start(id);
        return id;
      }),
    );
    const destroyed = (id: string): boolean =>
      events.all.some(({ data }) => data.resource === `local/${id}` && data.action === 'destroy');
    await until('all are gone', () => ids.every(destroyed));
    await until('the inventory has none of them', async () => {
      const { resources } = await viewer.request(ResourcesList, { kinds: ['container'], limit: 500 });
      return resources.every(({ native }) => !ids.includes(native));
    });
    expect(collector.lines.filter((line) => /"level":"(warn|error)"/.test(line))).toEqual([]);
    expect((await viewer.request(TargetsList, {})).targets).toMatchObject([{ health: 'ok' }]);
  });

  test('a second target on the same engine works and says that its containers count twice', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    const twice = [
      { id: 'one', src: 'docker', url: docker.url },
      { id: 'two', src: 'docker', url: docker.url },
    ];
    await using collector = startCollector(broker, {
      targets: twice,
      archive: `${folder.path}/a.db`,
      resyncInterval: 10,
    });
    await collector.ready;
    await using viewer = await connect(broker);
    const healths = async (): Promise<Record<string, unknown>> =>
      Object.fromEntries(
        (await viewer.request(TargetsList, {})).targets.map((each) => [each.id, each.code ?? each.health]),
      );
    await until('the second says it', async () => (await healths())['two'] === 'W-ESTATE-SAME-ENGINE');
    expect(await healths()).toEqual({ one: 'ok', two: 'W-ESTATE-SAME-ENGINE' });
  });

  test('a target that is not configured any more leaves the estate', async () => {
    using folder = scratch();
    await using broker = await startBroker();
    const archive = `${folder.path}/a.db`;
    await using reader = await connect(broker, 'isolation-auditor');
    const inventory = reader.bucket(Inventory);
    const shown = async (): Promise<string[]> => [
      ...new Set((await inventory.entries()).map(({ value }) => value.tgt)),
    ];
    {
      await using first = startCollector(broker, { targets, archive });
      await until('both are in the inventory', async () => (await shown()).length === 2);
      await first.stop();
    }
    await using second = startCollector(broker, { targets: targets.slice(1), archive });
    await second.ready;
    await until('one is left', async () => (await shown()).length === 1);
    expect(await shown()).toEqual(['here']);
    await using viewer = await connect(broker);
    expect((await viewer.request(TargetsList, {})).targets.map(({ id }) => id)).toEqual(['here']);
  });
});
