import { context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { afterAll, beforeEach, expect, test } from 'vitest';

import { ArchiveFull } from './errors.ts';
import { inSpan } from './spans.ts';

const spans = new InMemorySpanExporter();
const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] });
trace.setGlobalTracerProvider(provider);
context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());

beforeEach(() => spans.reset());
afterAll(() => provider.shutdown());

test('a call is a child of the work it is done for', async () => {
  await trace.getTracer('test').startActiveSpan('handler', async (parent) => {
    await inSpan('sqlite', 'record-findings', { 'db.operation.batch.size': 2 }, async () => 'done');
    parent.end();
  });
  const [archive, handler] = spans.getFinishedSpans();
  expect(archive?.name).toBe('archive record-findings');
  expect(archive?.kind).toBe(SpanKind.CLIENT);
  expect(archive?.attributes).toEqual({
    'db.system.name': 'sqlite',
    'db.operation.name': 'record-findings',
    'db.operation.batch.size': 2,
  });
  expect(archive?.spanContext().traceId).toBe(handler?.spanContext().traceId);
  expect(archive?.parentSpanContext?.spanId).toBe(handler?.spanContext().spanId);
});

test('a call that fails says so with its code, and still fails', async () => {
  const failing = inSpan('mongodb', 'write-samples', {}, () => Promise.reject(new ArchiveFull('no room')));
  await expect(failing).rejects.toBeInstanceOf(ArchiveFull);
  const [span] = spans.getFinishedSpans();
  expect(span?.status).toEqual({ code: SpanStatusCode.ERROR, message: 'no room' });
  expect(span?.attributes['error.type']).toBe('E-ARCHIVE-FULL');
});
