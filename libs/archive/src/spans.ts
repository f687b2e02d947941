import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

import { shapeOf } from './errors.ts';

/** Name of a database in spans, as the OpenTelemetry registry spells it (`db.system.name`). */
export type DatabaseName = 'sqlite' | 'mongodb';

/** Runs one call of the port in a span `archive <operation>`. Without an SDK this costs nothing and records nothing. */
export function inSpan<T>(
  database: DatabaseName,
  operation: string,
  attributes: Readonly<Record<string, number>>,
  call: () => Promise<T>,
): Promise<T> {
  const options = {
    kind: SpanKind.CLIENT,
    attributes: { 'db.system.name': database, 'db.operation.name': operation, ...attributes },
  };
  return trace.getTracer('@seatrial/archive').startActiveSpan(`archive ${operation}`, options, async (span) => {
    try {
      return await call();
    } catch (error) {
      const { code, message } = shapeOf(error);
      span.setAttribute('error.type', code);
      span.setStatus({ code: SpanStatusCode.ERROR, message });
      throw error;
    } finally {
      span.end();
    }
  });
}
