import { DockerControl, DockerEngine } from '@seatrial/docker';
import { createContainer, proxyEngine, requireDocker, startContainer, type TestContainer } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';
import { EventLog } from './event-log.ts';

const docker = await requireDocker();

/** Events of one container as time and action. */
const timeline = (log: EventLog, id: string): string[] =>
  log.eventsOf(id).map(({ action, timeNano }) => `${timeNano} ${action}`);

describe.skipIf(docker.skip !== undefined)('events of a real engine', () => {
  test('a connection that is cut again and again loses and doubles nothing', async () => {
    await using proxy = await proxyEngine(docker);
    await using direct = new DockerEngine({ url: docker.url });
    await using behind = new DockerEngine({ url: proxy.url });
    const abort = new AbortController();
    const uncut = new EventLog(direct, abort.signal);
    const cut = new EventLog(behind, abort.signal);
    await uncut.until((log) => log.count('connected') === 1);
    await cut.until((log) => log.count('connected') === 1);

    const lives: string[] = [];
    for (let round = 0; round < 6; round++) {
      await using container = await startContainer(docker);
      lives.push(container.id);
      // Twice while the connection is down for the whole life of a container, otherwise in the middle of it.
      if (round % 3 === 2) proxy.block();
      else proxy.cut();
      await new DockerControl({ url: docker.url }).kill(container.id);
      await uncut.until((log) => log.actionsOf(container.id).includes('die'));
      if (round % 3 === 2) {
        proxy.restore();
        const reconnected = cut.count('connected');
        await cut.until((log) => log.count('connected') > reconnected);
      }
    }
    for (const id of lives) {
      await uncut.until((log) => log.actionsOf(id).includes('destroy'));
      await cut.until((log) => log.actionsOf(id).includes('destroy'));
    }
    abort.abort();
    await Promise.all([uncut.ended, cut.ended]);

    for (const id of lives) {
      expect(timeline(cut, id).toSorted()).toEqual(timeline(uncut, id).toSorted());
      expect(new Set(timeline(cut, id)).size).toBe(timeline(cut, id).length);
      expect(cut.actionsOf(id)).toEqual(['create', 'start', 'kill', 'die', 'destroy']);
    }
    expect(cut.count('disconnected')).toBeGreaterThanOrEqual(6);
    expect(uncut.count('disconnected')).toBe(0);
  });

  test('a later process goes on from the position of an earlier one', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    const abort = new AbortController();
    const first = new EventLog(engine, abort.signal);
    await first.until((log) => log.count('connected') === 1);
    await using container = await createContainer(docker);
    await first.until((log) => log.actionsOf(container.id).includes('create'));
    const position = first.signals.flatMap((next) => (next.kind === 'event' ? [next.position] : [])).at(-1);
    abort.abort();
    await first.ended;

    const control = new DockerControl({ url: docker.url });
    await control.start(container.id);
    const again = new AbortController();
    const second = new EventLog(engine, again.signal, position);
    await second.until((log) => log.actionsOf(container.id).includes('start'));
    again.abort();
    await second.ended;
    expect(second.actionsOf(container.id)).toEqual(['create', 'start']); // the one at the position comes once more
  });

  test('what happens to a container is told in the words of the engine', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    const control = new DockerControl({ url: docker.url });
    const abort = new AbortController();
    const log = new EventLog(engine, abort.signal);
    await log.until((log) => log.count('connected') === 1);
    let container: TestContainer | undefined;
    {
      await using started = await startContainer(docker, {
        hostConfig: { Memory: 32 * 2 ** 20, MemorySwap: 32 * 2 ** 20 },
      });
      container = started;
      await control.pause(started.id);
      await control.unpause(started.id);
      await control.update(started.id, { PidsLimit: 20 });
      await control.exec(started.id, { Cmd: ['sh', '-c', 'true'], Privileged: false });
      await log.until((log) => log.actionsOf(started.id).includes('exec_die'));
      await control.restart(started.id, 0);
    }
    const { id } = container;
    await log.until((log) => log.actionsOf(id).includes('destroy'));
    abort.abort();
    await log.ended;
    const told = log.actionsOf(id);
    for (const action of [
      'create',
      'start',
      'pause',
      'unpause',
      'update',
      'exec_create',
      'exec_start',
      'exec_die',
      'restart',
      'die',
      'destroy',
    ]) {
      expect(told).toContain(action);
    }
    const created = log.eventsOf(id).find(({ action }) => action === 'exec_create');
    expect(created?.detail).toBe('sh -c true');
    const times = log.eventsOf(id).map(({ timeNano }) => timeNano);
    expect(times).toEqual(times.toSorted((a, b) => Number(a - b)));
  });
});
