import { SpanStatusCode, trace, type Attributes, type Span } from '@opentelemetry/api';

/** Runs work in a span of its own, below the one that is active. Attributes carry ids and counts, never evidence. */
export async function inSpan<T>(name: string, attributes: Attributes, work: (span: Span) => Promise<T>): Promise<T> {
  return trace.getTracer('@seatrial/isolation-auditor').startActiveSpan(name, { attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
      throw error;
    } finally {
      span.end();
    }
  });
}
