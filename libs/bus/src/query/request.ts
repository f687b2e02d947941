import { ErrorReply, H, type QueryContract, type SomeQuery } from '@seatrial/contracts';
import type { Msg } from '@nats-io/nats-core';

import { decodeBody } from '../codec/decode.ts';
import { encode, type Encoded } from '../codec/encode.ts';
import { readableHeaders } from '../codec/readable-headers.ts';
import { replyValidatorsOf } from '../codec/validators.ts';
import type { Connection } from '../connection/connection.ts';
import { withDeadline } from '../connection/deadline.ts';
import { Unanswered } from '../connection/requests.ts';
import { mayPublish } from '../connection/rights.ts';
import { DeadlinePassed, NoResponder, PayloadInvalid, PublishRefused, RemoteError } from '../errors.ts';
import { uuidv7 } from '../ids.ts';
import { requesting } from '../trace/spans.ts';

/** How one query is asked. */
export interface RequestOptions {
  /** Time until nobody waits for the answer any more, ms; the responder is told. @default 5_000 */ readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

const DEADLINE_MS = 5_000;

/**
 * Asks a query. One instance of the owning service answers. Asked again when the connection is lost meanwhile: queries change nothing.
 * @throws NoResponder, DeadlinePassed, RemoteError (the responder's code), PayloadInvalid (ours, or the reply's), PublishRefused, BusClosed, or the reason of the signal
 */
export function request<D, R>(
  connection: Connection,
  contract: QueryContract<D, R>,
  data: D,
  options: RequestOptions = {},
): Promise<R> {
  const query = contract as unknown as SomeQuery;
  const deadlineMs = options.deadlineMs ?? DEADLINE_MS;
  const id = uuidv7();
  const began = performance.now();
  return requesting(query, id, async (trace) => {
    const deadline = new Date(Date.now() + deadlineMs);
    const encoded = encode(query, data, { id, source: connection.identity.source, trace, deadline });
    try {
      return answerOf<R>(query, await ask(connection, query, encoded, began + deadlineMs, deadlineMs, options.signal));
    } finally {
      connection.metrics.requestSeconds.observe(query.type, (performance.now() - began) / 1_000);
    }
  });
}

async function ask(
  connection: Connection,
  query: SomeQuery,
  { subject, payload, headers }: Encoded,
  end: number,
  deadlineMs: number,
  signal: AbortSignal | undefined,
): Promise<Msg> {
  const what = `${query.type} was not answered`;
  for (;;) {
    const left = end - performance.now();
    if (left <= 0) throw new DeadlinePassed(what, deadlineMs);
    // The client forgets what is sent while it is not connected.
    if (!connection.connected) await withDeadline(what, left, signal, (until) => connection.whenConnected(until));
    try {
      return await connection.requests.send(subject, payload, { headers, timeoutMs: left, signal });
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      signal?.throwIfAborted();
      if (error.why === 'no-responders') throw new NoResponder(subject, error);
      if (error.why === 'refused')
        throw new PublishRefused(subject, connection.identity.label, mayPublish(subject), error.cause);
      if (error.why !== 'disconnected') throw new DeadlinePassed(what, deadlineMs, error);
    }
  }
}

/** Errors of the NATS service API: the number in the header says that there is one, the body says which. */
function answerOf<R>(query: SomeQuery, reply: Msg): R {
  const headers = readableHeaders(reply);
  const text = headers?.get(H.errorText) ?? '';
  const number = headers?.get(H.errorCode) ?? '';
  if (text !== '' || number !== '') throw remoteError(query, reply, text, number);
  const body = decodeBody(`${query.type} reply`, reply.data, replyValidatorsOf(query));
  if (!body.ok) throw new PayloadInvalid(`${query.type} reply`, '', body.message);
  return body.data as R;
}

function remoteError(query: SomeQuery, reply: Msg, text: string, number: string): RemoteError {
  try {
    const body = ErrorReply.safeParse(reply.json());
    if (body.success) return new RemoteError(body.data);
  } catch {
    // Not one of our responders; its headers say enough.
  }
  return new RemoteError({
    code: 'E-INTERNAL',
    message: text || `${query.type} failed with ${number}`,
    retryable: Number(number) >= 500,
    details: { status: number },
  });
}
