import { describe, expect, test } from 'vitest';
import { DockerEngine } from '../engine/engine.ts';
import { type Answer, type EngineStandIn, standIn } from '../engine/stand-in.ts';
import { type EventSignal, followEvents, type FollowOptions } from './follow.ts';

const NANO = 1_795_570_739_000_000_000n;

const line = (number: number): string =>
  `{"Type":"container","Action":"start","Actor":{"ID":"c${number}","Attributes":{}},"timeNano":${NANO + BigInt(number)}}\n`;

/** Answers the event stream: called with the number of the connection, from 0. */
function events(onStream: (connection: number, path: string, response: Parameters<Answer>[1]) => void): Answer {
  let connections = 0;
  return (path, response) => {
    if (path.startsWith('/events')) onStream(connections++, path, response);
  };
}

/** Follows until `enough` says so, and returns what came. */
async function follow(
  server: EngineStandIn,
  enough: (signals: readonly EventSignal[]) => boolean,
  options: Partial<FollowOptions> = {},
): Promise<EventSignal[]> {
  await using engine = new DockerEngine({ url: server.url });
  const signals: EventSignal[] = [];
  const abort = new AbortController();
  const following = followEvents(engine, { signal: abort.signal, backoffMs: { first: 1, max: 5 }, ...options });
  for await (const next of following) {
    signals.push(next);
    if (enough(signals)) break;
  }
  return signals;
}

const ids = (signals: readonly EventSignal[]): string[] =>
  signals.flatMap((next) => (next.kind === 'event' ? [next.event.actorId] : []));
const kinds = (signals: readonly EventSignal[]): string[] => signals.map(({ kind }) => kind);

test('a cut stream resumes before its last event, and what is replayed is given once', async () => {
  await using server = await standIn(
    events((connection, _, response) => {
      response.flushHeaders();
      if (connection === 0) {
        // Cut in the middle of an event: the half is lost and comes again.
        response.write(line(1) + line(2) + line(3).slice(0, 20), () => response.destroy());
      } else response.write(line(1) + line(2) + line(3) + line(4));
    }),
  );
  const signals = await follow(server, (all) => ids(all).length === 4);
  expect(ids(signals)).toEqual(['c1', 'c2', 'c3', 'c4']);
  expect(kinds(signals)).toEqual(['connected', 'event', 'event', 'disconnected', 'connected', 'event', 'event']);
  expect(signals.filter(({ kind }) => kind === 'connected')).toEqual([
    { kind: 'connected', resumed: false },
    { kind: 'connected', resumed: true },
  ]);
  const resumed = server.asked.filter((path) => path.includes('/events')).at(-1);
  expect(resumed).toContain('since=1795570737.000000002');
});

test('a stream that was cut before its first event resumes at the clock of the engine', async () => {
  const date = 'Wed, 25 Nov 2026 01:38:59 GMT';
  await using server = await standIn(
    events((connection, _, response) => {
      response.setHeader('date', date);
      response.flushHeaders();
      if (connection === 0) response.end();
      else response.write(line(1));
    }),
  );
  await follow(server, (all) => ids(all).length === 1);
  expect(server.asked.filter((path) => path.includes('/events'))).toEqual([
    '/v1.41/events',
    `/v1.41/events?since=${Date.parse(date) / 1000}.000000000`,
  ]);
});

test('a position of an earlier process and filters go into the request', async () => {
  await using server = await standIn(events((_, __, response) => response.write(line(1))));
  const signals = await follow(server, (all) => ids(all).length === 1, {
    since: '12.000000007',
    filters: { type: ['container'] },
  });
  expect(server.asked.at(-1)).toBe(
    `/v1.41/events?since=12.000000007&filters=${encodeURIComponent('{"type":["container"]}')}`,
  );
  expect(signals.at(-1)).toMatchObject({ kind: 'event', position: '1795570739.000000001' });
});

describe('failures', () => {
  test('each is told with its code, and the tries go on', async () => {
    let tries = 0;
    await using server = await standIn((path, response) => {
      if (!path.startsWith('/events')) return;
      tries++;
      if (tries === 1) response.writeHead(500).end('{"message":"no"}');
      else if (tries === 2) response.write('this is no event\n');
      else response.write(line(1));
    });
    const signals = await follow(server, (all) => ids(all).length === 1);
    expect(kinds(signals)).toEqual(['disconnected', 'connected', 'disconnected', 'connected', 'event']);
    expect(signals.flatMap((next) => (next.kind === 'disconnected' ? [next.error.code] : []))).toEqual([
      'E-ESTATE-ENGINE',
      'E-ESTATE-PROTOCOL',
    ]);
  });

  test('an engine that is not there is tried until the signal ends it', async () => {
    await using engine = new DockerEngine({ url: 'unix:///nonexistent/docker.sock' });
    const abort = new AbortController();
    const signals: EventSignal[] = [];
    for await (const next of followEvents(engine, { signal: abort.signal, backoffMs: { first: 1, max: 2 } })) {
      signals.push(next);
      if (signals.length === 3) abort.abort();
    }
    expect(kinds(signals)).toEqual(['disconnected', 'disconnected', 'disconnected']);
    expect(signals[0]).toMatchObject({ error: { code: 'E-SRC-UNREACHABLE' } });
  });

  test('an owner who does not keep up: the stream is cut, and resumed once half is handled, with nothing lost or doubled', async () => {
    await using server = await standIn(
      events((_, path, response) => {
        response.flushHeaders();
        for (let i = 1; i <= 30; i++) response.write(line(i));
        // A real engine would start at `since`; sending all again is harder.
        expect(path).toMatch(/^\/events/);
      }),
    );
    const signals = await follow(server, (all) => ids(all).length === 30, { backlog: 10 });
    expect(ids(signals)).toEqual(Array.from({ length: 30 }, (_, i) => `c${i + 1}`));
    expect(signals.find(({ kind }) => kind === 'disconnected')).toMatchObject({
      error: { code: 'E-ESTATE-ENGINE', retryable: true },
    });
  });
});

test('an abort ends a stream that is silent, and its connection', async () => {
  const closed = Promise.withResolvers<void>();
  await using server = await standIn(
    events((_, __, response) => {
      response.flushHeaders();
      response.on('close', () => closed.resolve());
    }),
  );
  await using engine = new DockerEngine({ url: server.url });
  const abort = new AbortController();
  const signals: EventSignal[] = [];
  for await (const next of followEvents(engine, { signal: abort.signal })) {
    signals.push(next);
    setImmediate(() => abort.abort());
  }
  expect(kinds(signals)).toEqual(['connected']);
  await closed.promise;
});

test('a stream does not take the only connection from the requests', async () => {
  await using server = await standIn((path, response) => {
    if (path.startsWith('/events')) response.flushHeaders();
    else if (path !== '/version') response.end('[]');
  });
  await using engine = new DockerEngine({ url: server.url, connections: 1 });
  for await (const next of followEvents(engine, { signal: new AbortController().signal })) {
    expect(next.kind).toBe('connected');
    expect(await engine.listContainers()).toEqual([]);
    break;
  }
});
