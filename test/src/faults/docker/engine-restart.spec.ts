import { ApiSampler, DockerControl, DockerEngine } from '@seatrial/docker';
import { hostNamespaceReference, readProcessEvidence } from '@seatrial/host';
import { createContainer, privateEngineImpossible, startContainer, startEngine } from '@seatrial/testing';
import { describe, expect, test } from 'vitest';
import { EventLog } from '../../e2e/docker/event-log.ts';

const impossible = privateEngineImpossible();
if (impossible !== undefined) console.warn(`skipped: faults of an engine: ${impossible}`);

describe.skipIf(impossible !== undefined)('an engine that fails', () => {
  test('a restart is told, the stream comes back by itself, and reads work again on the same client', async () => {
    await using docker = await startEngine();
    await using engine = new DockerEngine({ url: docker.url });
    const abort = new AbortController();
    const log = new EventLog(engine, abort.signal);
    await log.until(() => log.count('connected') === 1);
    await using container = await createContainer(docker);
    await log.until(() => log.actionsOf(container.id).includes('create'));

    await docker.stop();
    await log.until(() => log.count('disconnected') > 0);
    await expect(engine.listContainers()).rejects.toMatchObject({ code: 'E-SRC-UNREACHABLE', retryable: true });
    await docker.start();
    await log.until(() => log.count('connected') === 2);
    expect((await engine.listContainers()).map(({ Id }) => Id)).toContain(container.id);
    await new DockerControl({ url: docker.url }).start(container.id);
    await log.until(() => log.actionsOf(container.id).includes('start'));
    abort.abort();
    await log.ended;
    expect(log.actionsOf(container.id)).toEqual(['create', 'start']);
    expect(log.signals.find(({ kind }) => kind === 'disconnected')).toMatchObject({
      error: { code: 'E-SRC-UNREACHABLE' },
    });
  });

  test('a killed engine forgets its events: a container that ended meanwhile is found by listing after the reconnect', async () => {
    await using docker = await startEngine();
    await using engine = new DockerEngine({ url: docker.url });
    const abort = new AbortController();
    const log = new EventLog(engine, abort.signal);
    await log.until(() => log.count('connected') === 1);
    await using container = await startContainer(docker);
    await log.until(() => log.actionsOf(container.id).includes('start'));
    await docker.kill();
    process.kill(container.pid, 'SIGKILL');
    await docker.start();
    await log.until(() => log.count('connected') === 2);
    const listed = (await engine.listContainers()).find(({ Id }) => Id === container.id);
    expect(listed?.State).toBe('exited');
    abort.abort();
    await log.ended;
  });

  test('a frozen engine costs a reader its time and nothing else, and goes on where it was', async () => {
    await using docker = await startEngine();
    await using engine = new DockerEngine({ url: docker.url, timeoutMs: 300 });
    const abort = new AbortController();
    const log = new EventLog(engine, abort.signal);
    await log.until(() => log.count('connected') === 1);
    await using container = await startContainer(docker);
    const api = new ApiSampler(engine, { timeoutMs: 300 });
    docker.freeze();
    await expect(engine.info()).rejects.toMatchObject({
      code: 'E-SRC-UNREACHABLE',
      message: expect.stringContaining('within 300 ms'),
    });
    const round = await api.round([{ id: container.id, startedAt: 'life' }]);
    expect([...round.failed.values()]).toMatchObject([{ code: 'E-SRC-UNREACHABLE' }]);
    expect(round.gone).toEqual([]);
    docker.thaw();
    await new DockerControl({ url: docker.url }).kill(container.id);
    await log.until(() => log.actionsOf(container.id).includes('die'));
    abort.abort();
    await log.ended;
    expect(log.actionsOf(container.id)).toEqual(['create', 'start', 'kill', 'die']);
  });

  test('the pid file of another engine is no reference for the containers of this one', async () => {
    await using docker = await startEngine();
    await using container = await startContainer(docker, { hostConfig: { NetworkMode: 'host' } });
    const evidence = await readProcessEvidence(container.pid, { containerId: container.id });
    const right = hostNamespaceReference({ containerPid: container.pid, enginePid: docker.pid });
    expect(right.namespaces.net).toHaveProperty(
      'value',
      'value' in evidence.namespaces.net ? evidence.namespaces.net.value : undefined,
    );
    // Another engine is in another network namespace; compared with that one the container would seem to have its own.
    await using other = await startEngine();
    const wrong = hostNamespaceReference({ containerPid: container.pid, enginePid: other.pid });
    expect(wrong.namespaces.net).toMatchObject({ missing: 'unsupported' });
    expect(wrong.namespaces.pid).toHaveProperty('value');
  });
});
