import { AuditStart, FindingChanged, SampleBatches, TargetsList, type SomeContract } from '@seatrial/contracts';
import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider, type ReadableSpan } from '@opentelemetry/sdk-trace';
import { headers, type MsgHdrs } from '@nats-io/nats-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';

import { PayloadInvalid } from '../errors.ts';
import { processing, requesting, sending, traceIdOf, type TraceHeaders } from './spans.ts';

const command = AuditStart as unknown as SomeContract;
const event = FindingChanged as unknown as SomeContract;
const metric = SampleBatches as unknown as SomeContract;
const query = TargetsList as unknown as SomeContract;
const exporter = new InMemorySpanExporter();

beforeAll(() => {
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
});
beforeEach(() => exporter.reset());
afterAll(() => {
  trace.disable();
  context.disable();
  propagation.disable();
});

/** Runs in a span, as a verb of the CLI or a handler does. */
async function inSpan<T>(work: () => Promise<T>): Promise<T> {
  const span = trace.getTracer('test').startSpan('outer');
  try {
    return await context.with(trace.setSpan(context.active(), span), work);
  } finally {
    span.end();
  }
}

function onTheWire({ traceparent, tracestate }: TraceHeaders): MsgHdrs {
  const h = headers();
  if (traceparent !== undefined) h.set('traceparent', traceparent);
  if (tracestate !== undefined) h.set('tracestate', tracestate);
  return h;
}

function span(name: string): ReadableSpan {
  const found = exporter.getFinishedSpans().find((s) => s.name === name);
  if (found === undefined) throw new Error(`no span ${name}`);
  return found;
}

const nothing = (): Promise<void> => Promise.resolve();

describe('a command', () => {
  test('and what its handler does are one trace, parent to child', async () => {
    const wire = await inSpan(() => sending(command, 'c1', (h) => Promise.resolve(onTheWire(h))));
    await processing(command, wire, 'c1', { 'messaging.consumer.group.name': 'd' }, () =>
      sending(command, 'c2', nothing),
    );
    const [send, again] = exporter
      .getFinishedSpans()
      .filter(({ name }) => name === 'send seatrial.cmd.v1.isolation.audit-start.{audit-id}');
    const handle = span('process seatrial.cmd.v1.isolation.audit-start.{audit-id}');
    const outer = span('outer');
    expect(send?.parentSpanContext?.spanId).toBe(outer.spanContext().spanId);
    expect(handle.parentSpanContext?.spanId).toBe(send?.spanContext().spanId);
    expect(again?.parentSpanContext?.spanId).toBe(handle.spanContext().spanId);
    expect(new Set(exporter.getFinishedSpans().map((s) => s.spanContext().traceId)).size).toBe(1);
    expect(traceIdOf(wire)).toBe(outer.spanContext().traceId);
    expect([send?.kind, handle.kind]).toEqual([SpanKind.PRODUCER, SpanKind.CONSUMER]);
    expect(handle.attributes).toMatchObject({
      'messaging.system': 'nats',
      'messaging.operation.name': 'process',
      'messaging.message.id': 'c1',
      'messaging.consumer.group.name': 'd',
    });
  });
});

describe.each([
  ['event', event],
  ['metric', metric],
])('%s', (_, contract) => {
  test('starts a new trace at each end, with a link to what caused it', async () => {
    const wire = await inSpan(() => sending(contract, 'e1', (h) => Promise.resolve(onTheWire(h))));
    await processing(contract, wire, 'e1', {}, nothing);
    const [handle, send, outer] = ['process', 'send', 'outer'].map((name) =>
      exporter.getFinishedSpans().find((s) => s.name.startsWith(name)),
    );
    expect(send?.parentSpanContext).toBeUndefined();
    expect(handle?.parentSpanContext).toBeUndefined();
    expect(send?.links.map((l) => l.context.spanId)).toEqual([outer?.spanContext().spanId]);
    expect(handle?.links.map((l) => l.context.spanId)).toEqual([send?.spanContext().spanId]);
    expect(new Set([handle, send, outer].map((s) => s?.spanContext().traceId)).size).toBe(3);
  });
});

test('a query and its answer are client and server of one trace', async () => {
  const wire = await requesting(query, 'q1', (h) => Promise.resolve(onTheWire(h)));
  await processing(query, wire, 'q1', {}, nothing);
  const asked = span('request seatrial.rpc.v1.estate.targets-list');
  const answered = span('process seatrial.rpc.v1.estate.targets-list');
  expect([asked.kind, answered.kind]).toEqual([SpanKind.CLIENT, SpanKind.SERVER]);
  expect(answered.parentSpanContext?.spanId).toBe(asked.spanContext().spanId);
});

test('what fails is marked with its code, and passed on', async () => {
  const error = new PayloadInvalid('x', '/y', 'is missing');
  await expect(sending(command, 'c1', () => Promise.reject(error))).rejects.toBe(error);
  const failed = span('send seatrial.cmd.v1.isolation.audit-start.{audit-id}');
  expect(failed.status.code).toBe(SpanStatusCode.ERROR);
  expect(failed.attributes['error.type']).toBe('E-CONTRACT-PAYLOAD');
});

test.each([[undefined], [''], ['00-0-0-01'], [`00-${'0'.repeat(32)}-${'1'.repeat(16)}-01`]])(
  'a message with traceparent %j has no trace id',
  (traceparent) => {
    const h = headers();
    if (traceparent !== undefined) h.set('traceparent', traceparent);
    expect(traceIdOf(h)).toBeUndefined();
  },
);

test('a message without a trace begins one at its handler', async () => {
  await processing(command, undefined, 'c1', {}, nothing);
  expect(span('process seatrial.cmd.v1.isolation.audit-start.{audit-id}').parentSpanContext).toBeUndefined();
});
