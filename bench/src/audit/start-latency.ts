import { DockerControl, DockerEngine, followEvents } from '@seatrial/docker';
import { auditReport } from '@seatrial/isolation';
import { createContainer, type TestEngine } from '@seatrial/testing';

import { auditDocuments, documentOf, type Surroundings } from './auditor.ts';

/** Containers that take turns, so that one is removed while the next starts. */
const TURNS = 4;

/**
 * Starts containers one after the other and measures from the engine's time of each start event to the finding, in this process: event, inspect, process, checks, findings.
 * @returns one latency a start, ms
 */
export async function startLatencies(
  docker: TestEngine,
  engine: DockerEngine,
  around: Surroundings,
  starts: number,
): Promise<number[]> {
  await using created = new AsyncDisposableStack();
  const control = new DockerControl({ url: docker.url });
  const ids: string[] = [];
  for (let i = 0; i < TURNS; i++)
    ids.push(created.use(await createContainer(docker, { hostConfig: { NetworkMode: 'none', PidMode: 'host' } })).id);

  const ended = new AbortController();
  const latencies: number[] = [];
  let found: () => void = () => undefined;
  const next = () => new Promise<void>((resolve) => (found = resolve));
  const connected = next();
  const follower = (async () => {
    for await (const signal of followEvents(engine, {
      signal: ended.signal,
      filters: { type: ['container'], event: ['start'] },
    })) {
      if (signal.kind === 'connected') found();
      if (signal.kind !== 'event' || !ids.includes(signal.event.actorId)) continue;
      const document = await documentOf(engine, around, signal.event.actorId);
      const { findings } = auditReport(auditDocuments([document], around), new Date().toISOString());
      if (!findings.some(({ checkId }) => checkId === 'dkr.ns.pid.host'))
        throw new Error('the planted defect was not found');
      latencies.push(Date.now() - signal.event.atMs);
      found();
    }
  })();
  await connected;
  for (let i = 0; i < starts; i++) {
    const id = ids[i % ids.length] ?? '';
    const seen = next();
    await control.start(id);
    await Promise.race([seen, follower]);
    await control.kill(id);
  }
  ended.abort();
  await follower;
  return latencies;
}
