import {
  CheckList,
  ErrorReply,
  Explain,
  FindingGet,
  H,
  SeatrialError,
  STANDARD,
  type DataOf,
  type ReplyOf,
} from '@seatrial/contracts';
import { Bus, Handles, type QueryDelivery } from '@seatrial/bus';
import { until } from '@seatrial/testing';
import { headers } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { asAdmin, asProvisioner, startPlane, type Provisioner } from './plane.ts';
import { runService } from './run-service.ts';

type Got = ReplyOf<typeof FindingGet>;

/** A responder that does what the fingerprint says. */
function responder() {
  const asked: { data: DataOf<typeof FindingGet>; delivery: QueryDelivery; aborted: boolean }[] = [];
  class Findings {
    @Handles(FindingGet)
    async get(data: DataOf<typeof FindingGet>, delivery: QueryDelivery): Promise<Got> {
      const entry = { data, delivery, aborted: false };
      asked.push(entry);
      const [what, ...rest] = data.fingerprint.split(':');
      switch (what) {
        case 'code':
          throw new SeatrialError('told to', {
            code: rest[0] ?? '',
            hint: 'do that',
            retryable: true,
            details: { field: 'x' },
          });
        case 'crash':
          throw new TypeError('x is undefined');
        case 'wrong':
          return { finding: 1 } as unknown as Got;
        case 'large':
          return { finding: { title: 'x'.repeat(300_000) } } as unknown as Got;
        case 'slow':
          return new Promise((_, reject) => {
            delivery.signal.addEventListener('abort', () => {
              entry.aborted = true;
              reject(delivery.signal.reason as Error);
            });
          });
        default:
          throw new SeatrialError('unknown', { code: 'E-NOT-FOUND' });
      }
    }
  }
  return { asked, Findings };
}

describe('a query that fails', () => {
  const open = new AsyncDisposableStack();
  let stranger: Provisioner;
  beforeAll(async () => {
    const broker = open.use(await startPlane());
    stranger = open.use(await asProvisioner(broker));
    open.use(await runService(broker, 'isolation-auditor', responder().Findings));
  });
  afterAll(() => open.disposeAsync());

  test.each([
    ['code:E-CONTRACT-PAYLOAD', '400', 'E-CONTRACT-PAYLOAD'],
    ['code:E-PERM-PUBLISH', '403', 'E-PERM-PUBLISH'],
    ['code:E-NOT-FOUND', '404', 'E-NOT-FOUND'],
    ['code:E-CONFLICT-REVISION', '409', 'E-CONFLICT-REVISION'],
    ['code:E-ARCHIVE-FULL', '500', 'E-ARCHIVE-FULL'],
    ['code:E-SRC-UNREACHABLE', '503', 'E-SRC-UNREACHABLE'],
    ['crash', '500', 'E-INTERNAL'],
    ['wrong', '500', 'E-INTERNAL'],
    ['large', '413', 'E-BUS-PAYLOAD-TOO-LARGE'],
  ])('with %s is answered with the number %s, its text and its body', async (fingerprint, number, code) => {
    // As any client asks: no header but what it wants.
    const reply = await stranger.nc.request(FindingGet.subject, JSON.stringify({ fingerprint }), { timeout: 5_000 });
    expect(reply.headers?.get(H.errorCode)).toBe(number);
    expect(reply.headers?.get(H.errorText)).toMatch(new RegExp(`^${code} `));
    expect(ErrorReply.parse(reply.json()).code).toBe(code);
  });
});

test('the requester sees code, text, hint and details of the responder', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using _service = await runService(broker, 'isolation-auditor', responder().Findings);
  await expect(admin.bus.request(FindingGet, { fingerprint: 'code:E-NOT-FOUND' })).rejects.toMatchObject({
    code: 'E-NOT-FOUND',
    message: 'told to',
    hint: 'do that',
    retryable: true,
    details: { field: 'x' },
  });
});

test('nothing is answered after the deadline of the requester, and the handler is told when it passes', async () => {
  await using broker = await startPlane();
  await using stranger = await asProvisioner(broker);
  const { asked, Findings } = responder();
  await using _service = await runService(broker, 'isolation-auditor', Findings);
  const replies: string[] = [];
  const inbox = '_INBOX_provisioner.late';
  stranger.nc.subscribe(`${inbox}.*`, { callback: (_, message) => void replies.push(message.string()) });
  // Each its own reply subject: the server allows one answer on each.
  const ask = (name: string, deadline: Date): void => {
    const out = headers();
    out.set(H.deadline, deadline.toISOString());
    stranger.nc.publish(FindingGet.subject, JSON.stringify({ fingerprint: 'slow' }), {
      reply: `${inbox}.${name}`,
      headers: out,
    });
  };
  ask('before', new Date(Date.now() - 1_000));
  ask('soon', new Date(Date.now() + 50));
  await until('the handler is told', () => asked[0]?.aborted === true);
  // The late one never reached it.
  expect(asked).toHaveLength(1);
  expect(asked[0]?.delivery.deadline).toBeInstanceOf(Date);
  await stranger.nc.request(STANDARD.isolation.ping.subject, '{}');
  expect(replies).toEqual([]);
});

test('one of several instances answers, and a request in flight is answered while its instance stops', async () => {
  await using broker = await startPlane();
  await using stranger = await asProvisioner(broker);
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  const calls: string[] = [];
  const explainer = (name: string) => {
    class Explainer {
      @Handles(CheckList)
      async list(): Promise<ReplyOf<typeof CheckList>> {
        calls.push(name);
        await held;
        return { checks: [] };
      }
    }
    return Explainer;
  };
  await using first = await runService(broker, 'isolation-auditor', explainer('first'));
  await using second = await runService(broker, 'isolation-auditor', explainer('second'));
  const answer = stranger.nc.request(CheckList.subject, '{}', { timeout: 10_000 });
  await until('one is asked', () => calls.length > 0);
  expect(calls).toHaveLength(1);
  const stopping = calls[0] === 'first' ? first : second;
  const closing = stopping.close();
  await until('it says that it stops', () => !stopping.strategy.ready);
  release();
  await closing;
  expect((await answer).json()).toEqual({ checks: [] });
});

test('ping says who answers and whether all its consumers are bound', async () => {
  await using broker = await startPlane();
  await using admin = await asAdmin(broker);
  await using service = await runService(broker, 'isolation-auditor', responder().Findings, { version: '1.2.3' });
  expect(await admin.bus.request(STANDARD.isolation.ping, {})).toMatchObject({
    service: 'isolation-auditor',
    version: '1.2.3',
    instance: service.bus.instance,
    ready: true,
  });
  await service.close();
  await expect(admin.bus.request(STANDARD.isolation.ping, {})).rejects.toMatchObject({ code: 'E-BUS-NO-RESPONDER' });
});

test('a query that no handler was declared for has no responder', async () => {
  await using broker = await startPlane();
  const viewer = await Bus.connect({
    url: broker.url,
    as: { person: 'vic', role: 'viewer' },
    seedFile: broker.seedFile('viewer'),
  });
  await using _service = await runService(broker, 'isolation-auditor', responder().Findings);
  await expect(viewer.request(Explain, { checkId: 'dkr.ns.pid.host', target: 'local/c1' })).rejects.toMatchObject({
    code: 'E-BUS-NO-RESPONDER',
  });
  await viewer.close();
});
