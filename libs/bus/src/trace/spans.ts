import { SeatrialError, type SomeContract } from '@seatrial/contracts';
import {
  context,
  isSpanContextValid,
  propagation,
  ProxyTracerProvider,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  type Attributes,
  type Context,
  type Link,
  type Span,
} from '@opentelemetry/api';
import type { MsgHdrs } from '@nats-io/nats-core';

import { MESSAGING, SYSTEM, TRACER } from './names.ts';
import { templateOf } from './template.ts';

/** W3C trace context as headers. */
export interface TraceHeaders {
  readonly traceparent?: string;
  readonly tracestate?: string;
}

const NONE: TraceHeaders = {};

/** Runs `work` in a span `send <template>` and hands it the headers that carry the trace on. Commands continue the trace; events and metrics start a new root with a link. */
export function sending<T>(
  contract: SomeContract,
  id: string,
  work: (headers: TraceHeaders) => Promise<T>,
): Promise<T> {
  if (!isTraced()) return work(NONE);
  const active = context.active();
  const fanOut = contract.kind === 'evt' || contract.kind === 'met';
  const span = tracer().startSpan(
    `send ${templateOf(contract)}`,
    {
      kind: SpanKind.PRODUCER,
      attributes: attributesOf(contract, 'send', 'send', id),
      ...(fanOut ? { root: true, links: linksTo(active) } : {}),
    },
    active,
  );
  return within(span, trace.setSpan(fanOut ? ROOT_CONTEXT : active, span), work);
}

/** Runs `work` in a span `request <template>`, a child of the active one. */
export function requesting<T>(
  contract: SomeContract,
  id: string,
  work: (headers: TraceHeaders) => Promise<T>,
): Promise<T> {
  if (!isTraced()) return work(NONE);
  const active = context.active();
  const span = tracer().startSpan(
    `request ${templateOf(contract)}`,
    { kind: SpanKind.CLIENT, attributes: attributesOf(contract, 'request', 'send', id) },
    active,
  );
  return within(span, trace.setSpan(active, span), work);
}

/**
 * Runs a handler in a span `process <template>`. That of a command or query is a child of its sender; that of an event or metric is a new root with a link.
 * `extra` are further attributes (consumer group, delivery count).
 */
export function processing<T>(
  contract: SomeContract,
  headers: MsgHdrs | undefined,
  id: string,
  extra: Attributes,
  work: () => Promise<T>,
): Promise<T> {
  if (!isTraced()) return work();
  const sender = extract(headers);
  const fanOut = contract.kind === 'evt' || contract.kind === 'met';
  const span = tracer().startSpan(
    `process ${templateOf(contract)}`,
    {
      kind: contract.kind === 'rpc' ? SpanKind.SERVER : SpanKind.CONSUMER,
      attributes: { ...attributesOf(contract, 'process', 'process', id), ...extra },
      ...(fanOut ? { root: true, links: linksTo(sender) } : {}),
    },
    fanOut ? ROOT_CONTEXT : sender,
  );
  return within(span, trace.setSpan(ROOT_CONTEXT, span), work);
}

/** Trace id that a message carries; undefined without a valid one. */
export function traceIdOf(headers: MsgHdrs | undefined): string | undefined {
  const id = headers?.get('traceparent').split('-')[1];
  return id !== undefined && /^[0-9a-f]{32}$/.test(id) && !/^0+$/.test(id) ? id : undefined;
}

async function within<T>(span: Span, active: Context, work: (headers: TraceHeaders) => Promise<T>): Promise<T> {
  // Without an SDK the span is empty: the headers of a sender further up (if any) are passed on by nobody, so nothing is injected.
  if (!isSpanContextValid(span.spanContext())) return work(NONE);
  const headers: Record<string, string> = {};
  propagation.inject(active, headers);
  try {
    return await context.with(active, work, undefined, headers);
  } catch (error) {
    span.recordException(error instanceof Error ? error : String(error));
    span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
    span.setAttribute(MESSAGING.errorType, error instanceof SeatrialError ? error.code : 'E-BUS-HANDLER');
    throw error;
  } finally {
    span.end();
  }
}

/** The provider that stands in while no SDK is set up. */
const NO_PROVIDER = new ProxyTracerProvider().getDelegate();

/** False without an SDK: then spans, contexts and attributes would be made for nobody, with every message. */
function isTraced(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== NO_PROVIDER;
}

function tracer(): ReturnType<typeof trace.getTracer> {
  return trace.getTracer(TRACER);
}

function attributesOf(contract: SomeContract, name: string, type: string, id: string): Attributes {
  return {
    [MESSAGING.system]: SYSTEM,
    [MESSAGING.operationName]: name,
    [MESSAGING.operationType]: type,
    [MESSAGING.template]: templateOf(contract),
    [MESSAGING.messageId]: id,
  };
}

function linksTo(from: Context): Link[] {
  const cause = trace.getSpanContext(from);
  return cause !== undefined && isSpanContextValid(cause) ? [{ context: cause }] : [];
}

/** The sender's context; the root one when the message carries none. */
function extract(headers: MsgHdrs | undefined): Context {
  if (headers === undefined) return ROOT_CONTEXT;
  return propagation.extract(ROOT_CONTEXT, headers, {
    get: (carrier, key) => carrier.get(key) || undefined,
    keys: (carrier) => carrier.keys(),
  });
}
