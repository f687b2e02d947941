import { DockerControl, DockerEngine, followEvents } from '@seatrial/docker';
import { FindingChanged } from '@seatrial/contracts';
import { createContainer, type TestEngine } from '@seatrial/testing';

import type { RunningAuditor } from './service.ts';

/** Containers that take turns, so that one is removed from memory while the next starts. */
const TURNS = 4;
/** A user without a group is in group 0: no configuration says so, so this opens with every start and is resolved with every end. */
const CHECK = 'dkr.group.sensitive';

/**
 * Starts containers one after the other and measures from the engine's time of each start event to the time at which the bus stored the finding that the service published.
 * @returns one latency a start, ms
 */
export async function startLatencies(docker: TestEngine, auditor: RunningAuditor, starts: number): Promise<number[]> {
  await using created = new AsyncDisposableStack();
  await using engine = new DockerEngine({ url: docker.url });
  const control = new DockerControl({ url: docker.url });
  const ids: string[] = [];
  for (let i = 0; i < TURNS; i++) {
    const spec = { user: '4321', hostConfig: { NetworkMode: 'none' } };
    ids.push(created.use(await createContainer(docker, spec)).id);
  }

  const ended = new AbortController();
  const started = new Mailbox<number>();
  const published = new Mailbox<number>();
  const events = (async () => {
    const filters = { type: ['container'], event: ['start'] };
    for await (const next of followEvents(engine, { signal: ended.signal, filters }))
      if (next.kind === 'event') started.put(next.event.actorId, next.event.atMs);
      else started.put(next.kind, 0);
  })();
  const findings = (async () => {
    const options = { from: 'all', follow: true, signal: ended.signal } as const;
    for await (const { data, time } of auditor.bus.read(FindingChanged, options))
      if (data.checkId === CHECK && data.state === 'open')
        published.put(`${data.target.id} ${data.occurrence}`, time.getTime());
  })();
  await started.take('connected');

  const latencies: number[] = [];
  for (let i = 0; i < starts; i++) {
    const id = ids[i % TURNS] ?? '';
    await control.start(id);
    const occurrence = Math.floor(i / TURNS) + 1;
    const [at, stored] = await Promise.all([started.take(id), published.take(`${id} ${occurrence}`)]);
    latencies.push(stored - at);
    await control.kill(id);
  }
  ended.abort();
  await Promise.all([events, findings]);
  return latencies;
}

/** Gives each value to whoever waits for its name, now or later. */
class Mailbox<T> {
  readonly #values = new Map<string, PromiseWithResolvers<T>>();

  put(name: string, value: T): void {
    this.#of(name).resolve(value);
  }

  async take(name: string): Promise<T> {
    const value = await this.#of(name).promise;
    this.#values.delete(name);
    return value;
  }

  #of(name: string): PromiseWithResolvers<T> {
    let of = this.#values.get(name);
    if (of === undefined) this.#values.set(name, (of = Promise.withResolvers<T>()));
    return of;
  }
}
