import { AuditStart } from '@seatrial/contracts';
import { startBroker, startOtlpSink, until, type NodeProcess } from '@seatrial/testing';
import { expect, test } from 'vitest';

import { operator, startProbe } from './probe.ts';

type Line = Record<string, unknown>;

function linesOf(probe: NodeProcess): Line[] {
  return probe.lines.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as Line);
}

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
  const secrets = {
    SEATRIAL_ISOLATION_AUDITOR_ARCHIVE_PASSWORD: 'planted-password',
    MONGODB_URL: 'mongodb://u:planted-url@host/',
    AWS_SECRET_ACCESS_KEY: 'planted-foreign',
  };
  await using probe = startProbe(broker, { ...secrets, SEATRIAL_ISOLATION_AUDITOR_LOG_LEVEL: 'debug' });
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

test('without an endpoint nothing is exported; with one, the command is one trace and the log carries its id', async () => {
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
  expect([...new Set(sink.paths)]).toEqual(['/v1/traces']);
  expect(sink.unreadable).toEqual([]);
});
