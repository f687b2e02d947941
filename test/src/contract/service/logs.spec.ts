import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AuditStart } from '@seatrial/contracts';
import { compiled, spawnNode, startBroker, startOtlpSink, until, type NodeProcess } from '@seatrial/testing';
import { expect, onTestFinished, test } from 'vitest';

import { operator, startProbe } from './probe.ts';

type Line = Record<string, unknown>;

function linesOf(probe: NodeProcess): Line[] {
  return probe.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
}

const SECRETS = {
  SEATRIAL_ISOLATION_AUDITOR_ARCHIVE_PASSWORD: 'planted-password',
  MONGODB_URL: 'mongodb://u:planted-url@host/',
  AWS_SECRET_ACCESS_KEY: 'planted-foreign',
};

const command = (auditId: string, reason: string) => ({ auditId, scope: {}, mode: 'declared' as const, reason });

test('the log is JSON: one line for a failure that is settled, none for a success', async () => {
  await using broker = await startBroker();
  await using probe = startProbe(broker);
  await probe.ready;
  const bus = await operator(broker);
  const before = linesOf(probe).length;
  for (let i = 0; i < 5; i += 1) await bus.execute(AuditStart, command(`ok-${i}`, 'none'));
  expect(linesOf(probe).slice(before)).toEqual([]);
  await bus.send(AuditStart, command('bad', 'fail'));
  const line = await until('the failure is logged', () => linesOf(probe)[before]);
  expect(line).toMatchObject({
    level: expect.stringMatching(/warn|error/),
    service: 'isolation-auditor',
    version: '1.2.3',
  });
  expect(JSON.stringify(line)).toContain('the probe was told to fail');
  await bus.close();
});

test('no secret of environment, key file or field reaches a log', async () => {
  await using broker = await startBroker();
  await using probe = startProbe(broker, { ...SECRETS, SEATRIAL_ISOLATION_AUDITOR_LOG_LEVEL: 'debug' });
  await probe.ready;
  const bus = await operator(broker);
  await bus.execute(AuditStart, command('note', 'log'));
  await bus.send(AuditStart, command('bad', 'fail'));
  await until('both are logged', () => probe.text().includes('a note') && probe.text().includes('told to fail'));
  await bus.close();
  await probe.stop();
  expect(probe.text()).not.toContain('planted');
  expect(probe.text()).not.toContain(broker.seed('isolation-auditor'));
  expect(linesOf(probe).length).toBeGreaterThan(3);
});

test('a command is one trace, and the log carries its id', async () => {
  await using broker = await startBroker();
  await using sink = await startOtlpSink();
  await using probe = startProbe(broker, { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_BSP_SCHEDULE_DELAY: '50' });
  await probe.ready;
  const bus = await operator(broker);
  await bus.execute(AuditStart, command('note', 'log'));
  const line = await until('the note', () => linesOf(probe).find((candidate) => candidate['msg'] === 'a note'));
  const trace = await sink.waitForTrace((candidate) => candidate.traceId === line['trace_id']);
  expect(trace.spans.map((span) => span.spanId)).toContain(line['span_id']);
  // Named after the package whose script runs, which is this one.
  expect(trace.spans[0]).toMatchObject({ service: 'test', kind: 'consumer' });
  await bus.close();
  await probe.stop();
  // Neither metrics nor logs leave unasked.
  expect([...new Set(sink.paths)]).toEqual(['/v1/traces']);
  expect(sink.unreadable).toEqual([]);
});

test('an HTTP call under a command belongs to its trace, on both sides', async () => {
  await using broker = await startBroker();
  await using sink = await startOtlpSink();
  await using probe = startProbe(broker, { OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_BSP_SCHEDULE_DELAY: '50' });
  await probe.ready;
  const parents: string[] = [];
  const server = createServer((request, response) => {
    parents.push(String(request.headers['traceparent']));
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const bus = await operator(broker);
  const { port } = server.address() as AddressInfo;
  await bus.execute(AuditStart, command('call', `http://127.0.0.1:${port}/`));
  await bus.close();
  const trace = await sink.waitForTrace(({ spans }) => spans.some(({ kind }) => kind === 'client'));
  const call = trace.spans.find(({ kind }) => kind === 'client');
  expect(parents).toEqual([`00-${trace.traceId}-${call?.spanId}-01`]);
  const handler = await sink.waitForTrace(({ spans }) => spans.some(({ spanId }) => spanId === call?.parentSpanId));
  expect(handler.traceId).toBe(trace.traceId);
  expect(call?.resource['service.instance.id']).toContain(`-${probe.pid}`);
});

test('spans that wait are sent at the end, without a secret', async () => {
  await using broker = await startBroker();
  await using sink = await startOtlpSink();
  await using probe = startProbe(broker, {
    ...SECRETS,
    OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
    OTEL_BSP_SCHEDULE_DELAY: '3600000',
    OTEL_SERVICE_NAME: 'given',
  });
  await probe.ready;
  const bus = await operator(broker);
  await bus.execute(AuditStart, command('note', 'log'));
  await bus.close();
  expect(sink.spans).toEqual([]);
  expect((await probe.stop()).code).toBe(0);
  expect(sink.spans.map((span) => span.service)).toContain('given');
  expect(JSON.stringify(sink.spans)).not.toContain('planted');
  expect(JSON.stringify(sink.spans)).not.toContain(broker.seed('isolation-auditor'));
});

test.each([
  ['without an endpoint', {}, { started: false, exporters: ['none', 'none', 'none'] }],
  [
    'switched off',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1', OTEL_SDK_DISABLED: 'true' },
    { started: false },
  ],
  [
    'with an endpoint',
    { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
    { started: true, exporters: [null, 'none', 'none'] },
  ],
])('%s the SDK is loaded only if it has to send', async (_name, env, expected) => {
  await using child = spawnNode(compiled('./telemetry-state.ts', import.meta.url), {
    nodeArgs: ['--import', '@seatrial/service/telemetry'],
    env,
  });
  expect(await child.ready).toMatchObject(expected);
});
