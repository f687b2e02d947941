import { H, ResourceGet, TargetsList } from '@seatrial/contracts';
import { startBroker, type Broker } from '@seatrial/testing';
import { headers, type Msg, type NatsConnection } from '@nats-io/transport-node';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { asPerson, bareClient, type TestBus } from './client.ts';

let broker: Broker;
let bus: TestBus;
let responder: NatsConnection;
/** What the responder does with the next requests. */
let answer: (request: Msg) => void;
const requests: Msg[] = [];

beforeAll(async () => {
  broker = await startBroker();
  bus = await asPerson(broker, 'viewer');
  responder = await bareClient(broker, 'collector');
  responder.subscribe(TargetsList.subject, {
    queue: 'q',
    callback: (_error, request) => {
      requests.push(request);
      answer(request);
    },
  });
  await responder.flush();
});
beforeEach(() => {
  requests.length = 0;
});
afterAll(async () => {
  await bus.close();
  await responder.close();
  await broker[Symbol.asyncDispose]();
});

function failing(body: unknown, text = 'E-X failed', number = '404'): (request: Msg) => void {
  return (request) => {
    const h = headers();
    h.set(H.errorText, text);
    h.set(H.errorCode, number);
    request.respond(typeof body === 'string' ? body : JSON.stringify(body), { headers: h });
  };
}

describe('a query', () => {
  test('is answered, in the form of its contract, and carries id, source, type and deadline', async () => {
    answer = (request) => request.respond('{"targets":[],"later":1}');
    const before = Date.now();
    expect(await bus.request(TargetsList, {}, { deadlineMs: 4_000 })).toEqual({ targets: [] });
    const sent = requests[0]?.headers;
    expect(sent?.get(H.source)).toBe('/people/ada');
    expect(sent?.get(H.type)).toBe('seatrial.estate.targets-list.v1');
    expect(sent?.get(H.id)).toMatch(/^[0-9a-f-]{36}$/);
    expect(Date.parse(sent?.get(H.deadline) ?? '') - before).toBeGreaterThanOrEqual(4_000);
    expect(bus.metrics.requestSeconds.values.get('estate.targets-list')?.count).toBe(1);
  });

  test('that nobody answers says so at once, not at the deadline', async () => {
    await expect(bus.request(ResourceGet, { id: 'x' }, { deadlineMs: 600_000 })).rejects.toMatchObject({
      code: 'E-BUS-NO-RESPONDER',
      message: expect.stringContaining(ResourceGet.subject),
      retryable: true,
    });
  });

  test('that is answered too late ends with E-DEADLINE; the late answer disturbs nobody', async () => {
    const late: Msg[] = [];
    answer = (request) => late.push(request);
    await expect(bus.request(TargetsList, {}, { deadlineMs: 100 })).rejects.toMatchObject({
      code: 'E-DEADLINE',
      retryable: true,
    });
    for (const request of late) request.respond('{"targets":"late"}');
    answer = (request) => request.respond('{"targets":[]}');
    expect(await bus.request(TargetsList, {})).toEqual({ targets: [] });
  });

  test('ends with its signal', async () => {
    answer = () => undefined;
    const stop = new AbortController();
    const waiting = bus.request(TargetsList, {}, { signal: stop.signal, deadlineMs: 600_000 });
    stop.abort(new Error('ctrl-c'));
    await expect(waiting).rejects.toThrow('ctrl-c');
  });

  test('whose responder fails ends with the code, text, hint and details of the responder', async () => {
    answer = failing({
      code: 'E-ESTATE-NOT-FOUND',
      message: 'no "web"',
      hint: 'Look.',
      retryable: false,
      details: { nearest: ['web-1'] },
    });
    await expect(bus.request(TargetsList, {})).rejects.toMatchObject({
      name: 'RemoteError',
      code: 'E-ESTATE-NOT-FOUND',
      message: 'no "web"',
      hint: 'Look.',
      retryable: false,
      details: { nearest: ['web-1'] },
    });
  });

  test.each([['no json at all'], [{ code: 7 }], ['']])(
    'whose responder fails in another form keeps its text: %j',
    async (body) => {
      answer = failing(body, 'it broke', '503');
      await expect(bus.request(TargetsList, {})).rejects.toMatchObject({
        code: 'E-INTERNAL',
        message: 'it broke',
        retryable: true,
      });
    },
  );

  test.each([['{"targets":7}'], ['{'], ['']])(
    'whose reply does not fit its contract is an error that says so: %j',
    async (body) => {
      answer = (request) => request.respond(body);
      await expect(bus.request(TargetsList, {})).rejects.toMatchObject({
        code: 'E-CONTRACT-PAYLOAD',
        message: expect.stringContaining('estate.targets-list reply'),
      });
    },
  );

  test('that does not fit its contract is not sent', async () => {
    await expect(bus.request(ResourceGet, { id: '' })).rejects.toMatchObject({
      code: 'E-CONTRACT-PAYLOAD',
      details: { pointer: '/id' },
    });
    expect(requests).toHaveLength(0);
  });

  test('asked while the broker is away is answered when it is back', async () => {
    answer = (request) => request.respond('{"targets":[]}');
    await broker.kill();
    const waiting = bus.request(TargetsList, {}, { deadlineMs: 600_000 });
    // Until the responder is back too there is nobody: then it says so, and the next try is answered.
    await broker.restart();
    const result = await waiting.catch((error: { code?: string }) => error.code);
    expect([{ targets: [] }, 'E-BUS-NO-RESPONDER']).toContainEqual(result);
  });
});
