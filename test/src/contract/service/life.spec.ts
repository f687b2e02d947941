import { AuditCompleted, AuditStart } from '@seatrial/contracts';
import { residentBytes, startBroker, until } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { ask, healthUrl, operator, startProbe } from './probe.ts';

test('a service says when it is ready, is found on the bus and idles at no more than 160 MB', async () => {
  await using broker = await startBroker();
  await using probe = startProbe(broker);
  const { health } = await probe.ready;
  expect(await ask(`${String(health)}/health/ready`)).toMatchObject({
    status: 200,
    body: { status: 'ok', service: 'isolation-auditor', version: '1.2.3', parts: { bus: { status: 'ok' } } },
  });
  const megabytes = residentBytes(probe.pid) / 1e6;
  console.log(`an idle service holds ${megabytes.toFixed(0)} MB`);
  expect(megabytes).toBeLessThanOrEqual(160);
});

test('a part that is not well is shown, and leaves the service ready', async () => {
  await using broker = await startBroker();
  await using probe = startProbe(broker);
  const { health } = await probe.ready;
  probe.say('degrade');
  const answer = await until('the part is shown', async () => {
    const now = await ask(`${String(health)}/health/ready`);
    return now.body['status'] === 'degraded' && now;
  });
  expect(answer).toMatchObject({
    status: 200,
    body: { parts: { archive: { status: 'degraded', code: 'E-ARCHIVE-FULL' } } },
  });
  const metrics = await (await fetch(`${String(health)}/metrics`)).text();
  expect(metrics).toMatch(/^seatrial_health_part\{part="archive",service="isolation-auditor"\} 1$/m);
});

test('live never depends on the bus; ready does, and both recover', async () => {
  await using broker = await startBroker();
  await using probe = startProbe(broker);
  const { health } = await probe.ready;
  const ready = async (status: number): Promise<unknown> =>
    until(`ready answers ${status}`, async () => (await ask(`${String(health)}/health/ready`)).status === status);
  await broker.kill();
  await ready(503);
  expect((await ask(`${String(health)}/health/live`)).status).toBe(200);
  await broker.restart();
  await ready(200);
});

test('a service that starts before its bus is live, not ready, and becomes ready with it', async () => {
  await using broker = await startBroker();
  await broker.stop();
  await using probe = startProbe(broker);
  const url = await healthUrl(probe);
  expect((await ask(`${url}/health/live`)).status).toBe(200);
  expect(await ask(`${url}/health/ready`)).toMatchObject({ status: 503, body: { status: 'unavailable' } });
  await broker.restart();
  await probe.ready;
  expect((await ask(`${url}/health/ready`)).status).toBe(200);
});

test('SIGTERM with work in flight: not ready, the work is finished and published, closers in reverse order, exit 0', async () => {
  await using broker = await startBroker();
  await using probe = startProbe(broker);
  const { health } = await probe.ready;
  const bus = await operator(broker);
  const settled = bus.execute(AuditStart, { auditId: 'a-1', scope: {}, mode: 'declared', reason: 'wait' });
  await probe.line((line) => line === 'working');
  probe.signal('SIGTERM');
  await until('it is not ready any more', async () => (await ask(`${String(health)}/health/ready`)).status === 503);
  expect(probe.running).toBe(true);
  probe.say('finish');
  expect(await probe.exited).toEqual({ code: 0, signal: null });
  expect((await settled).outcome).toBe('accepted');
  const events = [];
  for await (const event of bus.read(AuditCompleted, { from: 'all', follow: false })) events.push(event.data.auditId);
  expect(events).toEqual(['a-1']);
  expect(probe.lines.filter((line) => !line.startsWith('{'))).toEqual([
    'working',
    'worked',
    'closed first',
    'closed last',
  ]);
  await bus.close();
});

test('SIGTERM while the bus is away ends it too', async () => {
  await using broker = await startBroker();
  await broker.stop();
  await using probe = startProbe(broker);
  await healthUrl(probe);
  probe.signal('SIGTERM');
  expect(await probe.exited).toEqual({ code: 0, signal: null });
});

test('a key that the bus does not know ends the start with its code and exit code', async () => {
  await using broker = await startBroker();
  await using other = await startBroker({ provision: false });
  await using probe = startProbe({ url: broker.url, seedFile: (user) => other.seedFile(user) });
  expect((await probe.exited).code).toBe(5);
  expect(probe.text()).toContain('E-AUTH-');
});

test('a bus without our streams ends the start with its code', async () => {
  await using broker = await startBroker({ provision: false });
  await using probe = startProbe(broker);
  expect((await probe.exited).code).toBe(6);
  expect(probe.text()).toContain('E-BUS-NOT-PROVISIONED');
});

test('a health port that is taken ends the start with its code, and names the port', async () => {
  await using broker = await startBroker();
  await using first = startProbe(broker);
  const port = new URL(await healthUrl(first)).port;
  await using second = startProbe(broker, { SEATRIAL_ISOLATION_AUDITOR_HEALTH_PORT: port });
  expect((await second.exited).code).toBe(1);
  expect(second.text()).toContain(`E-PORT-BUSY: cannot serve health on 127.0.0.1:${port}`);
});

test('a second signal does not wait for the work', async () => {
  await using broker = await startBroker();
  await using probe = startProbe(broker);
  const { health } = await probe.ready;
  const bus = await operator(broker);
  await bus.send(AuditStart, { auditId: 'a-2', scope: {}, mode: 'declared', reason: 'wait' });
  await probe.line((line) => line === 'working');
  probe.signal('SIGINT');
  await until('it is stopping', async () => (await ask(`${String(health)}/health/ready`)).status === 503);
  probe.signal('SIGINT');
  expect(await probe.exited).toEqual({ code: 1, signal: null });
  await bus.close();
});
