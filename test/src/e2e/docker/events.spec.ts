import { DockerControl, DockerEngine, type EngineEvent, type EventSignal, followEvents } from '@seatrial/docker';
import { createContainer, proxyEngine, requireDocker, startContainer, type TestContainer } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';

const docker = await requireDocker();

/** A follower that keeps what it is told and can be waited for. */
function record(engine: DockerEngine, signal: AbortSignal, since?: string) {
  const signals: EventSignal[] = [];
  const waiting = new Set<() => void>();
  const options = { signal, backoffMs: { first: 10, max: 50 }, filters: { type: ['container'] } };
  const ended = (async () => {
    for await (const next of followEvents(engine, since === undefined ? options : { ...options, since })) {
      signals.push(next);
      for (const check of waiting) check();
    }
  })();
  return {
    signals,
    ended,
    /** Events of one container, as `action` and time. */
    eventsOf: (id: string): string[] => eventsOf(signals, id).map(({ action, timeNano }) => `${timeNano} ${action}`),
    /** Resolves when `condition` holds. */
    async until(condition: (signals: readonly EventSignal[]) => boolean): Promise<void> {
      if (condition(signals)) return;
      const { promise, resolve } = Promise.withResolvers<void>();
      const check = (): void => {
        if (condition(signals)) resolve();
      };
      waiting.add(check);
      await promise;
      waiting.delete(check);
    },
  };
}

function eventsOf(signals: readonly EventSignal[], id: string): EngineEvent[] {
  return signals.flatMap((next) => (next.kind === 'event' && next.event.actorId === id ? [next.event] : []));
}

const actions = (signals: readonly EventSignal[], id: string): string[] =>
  eventsOf(signals, id).map(({ action }) => action);
const count = (signals: readonly EventSignal[], kind: EventSignal['kind']): number =>
  signals.filter((next) => next.kind === kind).length;

describe.skipIf(docker.skip !== undefined)('events of a real engine', () => {
  test('a connection that is cut again and again loses and doubles nothing', async () => {
    await using proxy = await proxyEngine(docker);
    await using direct = new DockerEngine({ url: docker.url });
    await using behind = new DockerEngine({ url: proxy.url });
    const abort = new AbortController();
    const uncut = record(direct, abort.signal);
    const cut = record(behind, abort.signal);
    await uncut.until((all) => count(all, 'connected') === 1);
    await cut.until((all) => count(all, 'connected') === 1);

    const lives: string[] = [];
    for (let round = 0; round < 6; round++) {
      await using container = await startContainer(docker);
      lives.push(container.id);
      // Twice while the connection is down for the whole life of a container, otherwise in the middle of it.
      if (round % 3 === 2) proxy.block();
      else proxy.cut();
      await new DockerControl({ url: docker.url }).kill(container.id);
      await uncut.until((all) => actions(all, container.id).includes('die'));
      if (round % 3 === 2) {
        proxy.restore();
        const reconnected = count(cut.signals, 'connected');
        await cut.until((all) => count(all, 'connected') > reconnected);
      }
    }
    for (const id of lives) {
      await uncut.until((all) => actions(all, id).includes('destroy'));
      await cut.until((all) => actions(all, id).includes('destroy'));
    }
    abort.abort();
    await Promise.all([uncut.ended, cut.ended]);

    for (const id of lives) {
      expect(cut.eventsOf(id).toSorted()).toEqual(uncut.eventsOf(id).toSorted());
      expect(new Set(cut.eventsOf(id)).size).toBe(cut.eventsOf(id).length);
      expect(actions(cut.signals, id)).toEqual(['create', 'start', 'kill', 'die', 'destroy']);
    }
    expect(count(cut.signals, 'disconnected')).toBeGreaterThanOrEqual(6);
    expect(count(uncut.signals, 'disconnected')).toBe(0);
  });

  test('a later process goes on from the position of an earlier one', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    const abort = new AbortController();
    const first = record(engine, abort.signal);
    await first.until((all) => count(all, 'connected') === 1);
    await using container = await createContainer(docker);
    await first.until((all) => actions(all, container.id).includes('create'));
    const position = first.signals.flatMap((next) => (next.kind === 'event' ? [next.position] : [])).at(-1);
    abort.abort();
    await first.ended;

    const control = new DockerControl({ url: docker.url });
    await control.start(container.id);
    const again = new AbortController();
    const second = record(engine, again.signal, position);
    await second.until((all) => actions(all, container.id).includes('start'));
    again.abort();
    await second.ended;
    expect(actions(second.signals, container.id)).toEqual(['create', 'start']); // the one at the position comes once more
  });

  test('what happens to a container is told in the words of the engine', async () => {
    await using engine = new DockerEngine({ url: docker.url });
    const control = new DockerControl({ url: docker.url });
    const abort = new AbortController();
    const log = record(engine, abort.signal);
    await log.until((all) => count(all, 'connected') === 1);
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
      await log.until((all) => actions(all, started.id).includes('exec_die'));
      await control.restart(started.id, 0);
    }
    const { id } = container;
    await log.until((all) => actions(all, id).includes('destroy'));
    abort.abort();
    await log.ended;
    const told = actions(log.signals, id);
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
    const created = eventsOf(log.signals, id).find(({ action }) => action === 'exec_create');
    expect(created?.detail).toBe('sh -c true');
    const times = eventsOf(log.signals, id).map(({ timeNano }) => timeNano);
    expect(times).toEqual(times.toSorted((a, b) => Number(a - b)));
  });
});
