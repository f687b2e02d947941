import type { Bus, Received } from '@seatrial/bus';
import { DockerControl } from '@seatrial/docker';
import { type SourceEvent, SourceEvents, TargetsList } from '@seatrial/contracts';
import {
  privateEngineImpossible,
  proxyEngine,
  requireDocker,
  startBroker,
  startContainer,
  startEngine,
  type TestEngine,
  until,
} from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

import { callEngine } from './engine-calls.ts';
import { collect, type Collected, connect, scratch, startCollector } from './running.ts';

const docker = await requireDocker();
const impossible = privateEngineImpossible();
if (impossible !== undefined) console.warn(`skipped: events after a kill: ${impossible}`);
const control = new DockerControl({ url: docker.url });

/** `action nanoseconds` of every event of a container, as the engine itself replays them. */
async function eventsOfEngine(engine: TestEngine, container: string, sinceMs: number): Promise<string[]> {
  const filters = encodeURIComponent(JSON.stringify({ container: [container] }));
  const until = Math.ceil(Date.now() / 1000) + 1;
  const lines = (
    await callEngine(engine, 'GET', `/events?since=${Math.floor(sinceMs / 1000)}&until=${until}&filters=${filters}`)
  )
    .trim()
    .split('\n');
  return lines.map((line) => `${/"Action":"([^"]+)"/.exec(line)?.[1]} ${/"timeNano":(\d+)/.exec(line)?.[1]}`);
}

function published(bus: Bus): Collected<Received<SourceEvent>> {
  return collect((signal) => bus.read(SourceEvents, { from: 'all', follow: true, signal }));
}

describe.skipIf(docker.skip !== undefined)('events', () => {
  test('a connection that is cut again and again loses no event, doubles none and keeps their order', async () => {
    using folder = scratch();
    const since = Date.now();
    await using broker = await startBroker();
    await using proxy = await proxyEngine(docker);
    await using collector = startCollector(broker, {
      targets: [{ id: 'far', src: 'docker', url: proxy.url }],
      archive: `${folder.path}/a.db`,
    });
    await collector.ready;
    await using viewer = await connect(broker);
    await until('the engine is watched', async () =>
      (await viewer.request(TargetsList, {})).targets.some(({ health }) => health === 'ok'),
    );
    await using events = published(viewer);
    await using container = await startContainer(docker);
    for (let round = 0; round < 6; round++) {
      proxy.cut();
      await control.restart(container.id, 5);
      if (round % 2 === 0) proxy.cut();
    }
    proxy.block();
    await control.pause(container.id);
    await control.unpause(container.id);
    proxy.restore();
    const expected = await eventsOfEngine(docker, container.id, since);
    expect(expected.length).toBeGreaterThanOrEqual(2 + 6 * 4 + 2);
    const seen = (): string[] =>
      events.all
        .filter(({ data }) => data.resource === `far/${container.id}`)
        .map(({ data }) => `${data.action} ${data.native}`);
    await until('the last one is published', () => seen().includes(expected.at(-1) ?? ''));
    expect(seen()).toEqual(expected);
  });

  test.skipIf(impossible !== undefined)(
    'a collector that is killed goes on where it was: no event is published twice, none is missing',
    async () => {
      using folder = scratch();
      const since = Date.now();
      await using broker = await startBroker();
      // An engine replays its last 256 events, and others make events on the machine’s.
      await using engine = await startEngine();
      const own = new DockerControl({ url: engine.url });
      const settings = { targets: [{ id: 'local', src: 'docker', url: engine.url }], archive: `${folder.path}/a.db` };
      await using viewer = await connect(broker);
      await using events = published(viewer);
      const seen = (): string[] =>
        events.all
          .filter(({ data }) => data.resource === `local/${container.id}`)
          .map(({ data }) => `${data.action} ${data.native}`);

      const first = startCollector(broker, settings);
      await first.ready;
      await until('the engine is watched', async () =>
        (await viewer.request(TargetsList, {})).targets.some(({ health }) => health === 'ok'),
      );
      await using container = await startContainer(engine);
      await until('its start is published', () => seen().some((event) => event.startsWith('start ')));
      await first.kill();
      await own.restart(container.id, 5);
      await using second = startCollector(broker, settings);
      await second.ready;
      await own.pause(container.id);
      await own.unpause(container.id);
      const expected = await eventsOfEngine(engine, container.id, since);
      // The lease of the killed one runs out first.
      await until('the last one is published', () => seen().includes(expected.at(-1) ?? ''), { deadlineMs: 40_000 });
      expect(seen()).toEqual(expected);
      const ids = events.all.map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
    },
  );
});
