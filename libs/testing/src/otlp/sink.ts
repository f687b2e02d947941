import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import { buffer, text } from 'node:stream/consumers';

import { until } from '../until.ts';
import { type ReceivedSpan, spansOf } from './span.ts';

/** All spans that arrived of one trace. */
export interface ReceivedTrace {
  readonly traceId: string;
  readonly spans: readonly ReceivedSpan[];
}

/** A receiver of traces in a test's own process (OTLP/HTTP with JSON). */
export interface OtlpSink extends AsyncDisposable {
  /** For `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly url: string;
  readonly spans: readonly ReceivedSpan[];
  /** Paths that were asked for, e.g. `/v1/traces`: shows a process that sends metrics or logs unasked. */
  readonly paths: readonly string[];
  /** Bodies that could not be read, as text. */
  readonly unreadable: readonly string[];
  traces(): ReceivedTrace[];
  /** The first trace that fits; spans arrive in any order, so it is asked again with each export. */
  waitForTrace(fits: (trace: ReceivedTrace) => boolean, deadlineMs?: number): Promise<ReceivedTrace>;
}

/** Starts a sink on an ephemeral port. Children need `OTEL_EXPORTER_OTLP_PROTOCOL=http/json`. */
export async function startOtlpSink(): Promise<OtlpSink> {
  const spans: ReceivedSpan[] = [];
  const paths: string[] = [];
  const unreadable: string[] = [];
  const server = createServer((request, response) => {
    void bodyOf(request).then((body) => {
      paths.push(request.url ?? '');
      if (request.url === '/v1/traces') receive(body);
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  const receive = (body: string): void => {
    try {
      spans.push(...spansOf(JSON.parse(body)));
    } catch {
      unreadable.push(body);
    }
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const traces = (): ReceivedTrace[] =>
    [...Map.groupBy(spans, (span) => span.traceId)].map(([traceId, members]) => ({ traceId, spans: members }));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spans,
    paths,
    unreadable,
    traces,
    waitForTrace: async (fits, deadlineMs) =>
      until('a trace that fits', () => traces().find(fits), deadlineMs === undefined ? {} : { deadlineMs }).catch(
        (error: unknown) => {
          const seen = traces().map((trace) => trace.spans.map((span) => `${span.service}: ${span.name}`).join(' | '));
          throw new Error(`no such trace; there are ${seen.length}:\n${seen.join('\n')}`, { cause: error });
        },
      ),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  if (request.headers['content-encoding'] !== 'gzip') return text(request);
  return gunzipSync(await buffer(request)).toString('utf8');
}
