/** One span as a test looks at it. */
export interface ReceivedSpan {
  /** Hex. */ readonly traceId: string;
  readonly spanId: string;
  /** Absent for a root. */ readonly parentSpanId?: string;
  readonly name: string;
  /** `service.name` of the resource. */ readonly service: string;
  /** `internal`, `server`, `client`, `producer` or `consumer`. */ readonly kind: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly links: readonly { readonly traceId: string; readonly spanId: string }[];
  /** The status says that it failed. */ readonly failed: boolean;
  /** Attributes of the process that sent it. */ readonly resource: Readonly<Record<string, unknown>>;
}

/** JSON form of OTLP/HTTP (opentelemetry-proto, `ExportTraceServiceRequest`), as far as it is read here. */
interface ExportTraces {
  readonly resourceSpans?: readonly {
    readonly resource?: { readonly attributes?: readonly KeyValue[] };
    readonly scopeSpans?: readonly { readonly spans?: readonly WireSpan[] }[];
  }[];
}
interface WireSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind?: number;
  readonly attributes?: readonly KeyValue[];
  readonly links?: readonly { readonly traceId: string; readonly spanId: string }[];
  readonly status?: { readonly code?: number };
}
interface KeyValue {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'];
const STATUS_ERROR = 2;

/** Spans of one export request. */
export function spansOf(request: unknown): ReceivedSpan[] {
  return ((request as ExportTraces).resourceSpans ?? []).flatMap(({ resource, scopeSpans }) => {
    const attributes = attributesOf(resource?.attributes);
    return (scopeSpans ?? []).flatMap(({ spans }) => (spans ?? []).map((span) => spanOf(span, attributes)));
  });
}

function spanOf(span: WireSpan, resource: Readonly<Record<string, unknown>>): ReceivedSpan {
  const service = resource['service.name'];
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId !== undefined && span.parentSpanId !== '' && { parentSpanId: span.parentSpanId }),
    name: span.name,
    service: typeof service === 'string' ? service : '',
    kind: KINDS[span.kind ?? 0] ?? 'unspecified',
    attributes: attributesOf(span.attributes),
    links: (span.links ?? []).map(({ traceId, spanId }) => ({ traceId, spanId })),
    failed: span.status?.code === STATUS_ERROR,
    resource,
  };
}

function attributesOf(pairs: readonly KeyValue[] | undefined): Record<string, unknown> {
  return Object.fromEntries((pairs ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
}
