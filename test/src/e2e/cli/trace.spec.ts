import { startOtlpSink, type OtlpSink } from '@seatrial/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { startCliPlane, type CliPlane } from './plane.ts';
import { StandInAuditor } from './stand-ins.ts';

let plane: CliPlane;
let sink: OtlpSink;
beforeAll(async () => {
  [plane, sink] = await Promise.all([startCliPlane(), startOtlpSink()]);
});
afterAll(async () => {
  await plane[Symbol.asyncDispose]();
  await sink[Symbol.asyncDispose]();
});

const traced = () => ({ OTEL_EXPORTER_OTLP_ENDPOINT: sink.url, OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json' });

test('a verb is the root of one trace that goes with its command', async () => {
  const { exit } = await plane.cli('operator', ['scan'], { env: traced() });
  expect(exit).toBe(0);
  const { spans } = await sink.waitForTrace((trace) => trace.spans.some(({ name }) => name === 'seatrial scan'));
  const root = spans.find(({ name }) => name === 'seatrial scan');
  expect(root?.parentSpanId ?? '').toBe('');
  expect(spans.filter((span) => span !== root).every((span) => (span.parentSpanId ?? '') !== '')).toBe(true);
  expect(spans.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^send .*audit-start/),
      expect.stringMatching(/^request .*finding-list/),
    ]),
  );
  expect(sink.unreadable).toEqual([]);
  expect(new Set(sink.paths)).toEqual(new Set(['/v1/traces']));
});

test('an error names its trace', async () => {
  StandInAuditor.behaviour = 'reject';
  const { exit, stderr } = await plane.cli('operator', ['scan', '-o', 'json'], { env: traced() });
  expect(exit).toBe(6);
  const { traceId } = JSON.parse(stderr).error;
  const trace = await sink.waitForTrace((one) => one.traceId === traceId);
  expect(trace.spans.map(({ name }) => name)).toContain('seatrial scan');
});

test('without an endpoint nothing is traced', async () => {
  StandInAuditor.behaviour = 'reject';
  const { stderr } = await plane.cli('operator', ['scan', '-o', 'json']);
  expect(JSON.parse(stderr).error).not.toHaveProperty('traceId');
});

test('a collector of traces that is down does not fail the verb', async () => {
  const { exit, stderr } = await plane.cli('viewer', ['get', 'hosts'], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1' },
  });
  expect([exit, stderr]).toEqual([0, '']);
});
