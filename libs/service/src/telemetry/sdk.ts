import { hostname } from 'node:os';
import { MongoDBInstrumentation } from '@opentelemetry/instrumentation-mongodb';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { NodeSDK } from '@opentelemetry/sdk-node';

/** Starts the SDK with the standard `OTEL_*` variables. Returns how to flush and end it. */
export function startSdk(): () => Promise<void> {
  process.env['OTEL_EXPORTER_OTLP_PROTOCOL'] ??= 'http/json';
  // The process detector would send the command line.
  process.env['OTEL_NODE_RESOURCE_DETECTORS'] ??= 'env,host';
  const given = process.env['OTEL_RESOURCE_ATTRIBUTES'];
  const instance = `service.instance.id=${hostname()}-${process.pid}`;
  process.env['OTEL_RESOURCE_ATTRIBUTES'] = given === undefined || given === '' ? instance : `${instance},${given}`;
  const sdk = new NodeSDK({
    instrumentations: [
      new MongoDBInstrumentation(),
      // Polls of an engine have no cause; a span for each would drown the ones that have.
      new UndiciInstrumentation({ requireParentforSpans: true }),
    ],
  });
  sdk.start();
  return () => sdk.shutdown();
}
