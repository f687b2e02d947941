import type { Session } from '../session.ts';
import type { VerbSpec } from '../verb-table/spec.ts';

/** The trace of one command line. */
export interface VerbTrace {
  /** Trace id, hex; absent when nothing is exported. */ readonly id: string | undefined;
  /** Runs work inside the root span; a failure marks it. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Ends the span and sends it. Never throws: a collector that is down is no failure of the verb. */
  end(): Promise<void>;
}

const UNTRACED: VerbTrace = { id: undefined, run: (work) => work(), end: async () => {} };

/** Starts the root span of a verb when an OTLP endpoint is configured; nothing of OpenTelemetry's SDK is loaded otherwise. */
export async function startTrace(verb: VerbSpec, { env }: Session): Promise<VerbTrace> {
  const endpoint = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT ?? env.OTEL_EXPORTER_OTLP_ENDPOINT;
  if (
    endpoint === undefined ||
    endpoint === '' ||
    env.OTEL_SDK_DISABLED === 'true' ||
    env.OTEL_TRACES_EXPORTER === 'none'
  )
    return UNTRACED;
  const { startRootSpan } = await import('./root-span.ts');
  return startRootSpan(verb);
}
