import { context, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';

import type { VerbSpec } from '../verb-table/spec.ts';
import { VERSION } from '../version.ts';
import type { VerbTrace } from './tracing.ts';

/** A collector that does not answer must not hold the terminal, ms. */
const EXPORT_TIMEOUT_MS = 2000;

/** Sets OpenTelemetry up for this process and starts the span that everything the verb does belongs to. Reads the standard `OTEL_*` variables. */
export function startRootSpan(verb: VerbSpec): VerbTrace {
  const provider = new TracerProvider({
    resource: defaultResource().merge(
      resourceFromAttributes({ 'service.name': 'seatrial-cli', 'service.version': VERSION }),
    ),
    spanProcessors: [new BatchSpanProcessor({ exporter: new OTLPTraceExporter({ timeoutMillis: EXPORT_TIMEOUT_MS }) })],
  });
  trace.setGlobalTracerProvider(provider);
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  // Names and flags only: arguments may hold what a person does not want to export.
  const span = trace
    .getTracer('@seatrial/cli', VERSION)
    .startSpan(`seatrial ${verb.name}`, { kind: SpanKind.INTERNAL });
  return {
    id: span.spanContext().traceId,
    run: async (work) => {
      try {
        return await context.with(trace.setSpan(context.active(), span), work);
      } catch (error) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
        throw error;
      }
    },
    end: async () => {
      span.end();
      await provider.shutdown().catch(() => {});
    },
  };
}
