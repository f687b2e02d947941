import type { Msg } from '@nats-io/nats-core';

import type { Connection } from '../connection/connection.ts';
import { Unanswered } from '../connection/requests.ts';
import { mayRead } from '../connection/rights.ts';
import { DeadlinePassed, NotProvisioned, SubscribeRefused } from '../errors.ts';

/** Longest wait for an answer of the server's stream API, ms. */
const API_MS = 5_000;

/** The stream API refused a request. `errCode` is that of nats-server `server/errors.json`. */
export class StreamApiError extends Error {
  readonly errCode: number;
  constructor(errCode: number, text: string) {
    super(text);
    this.name = 'StreamApiError';
    this.errCode = errCode;
  }
}

/** No message at this place. */
export const NO_MESSAGE = 10037;
const NO_STREAM = 10059;

/**
 * One request to the stream API. Repeated over a lost connection while `signal` allows it; reading changes nothing.
 * `what` names the stream or bucket, `subject` what is read, for the text of a refusal.
 * @throws NotProvisioned, SubscribeRefused, DeadlinePassed, StreamApiError, BusClosed, or the reason of the signal
 */
export async function streamApi<T>(
  connection: Connection,
  api: string,
  body: object,
  {
    what,
    subject,
    signal,
  }: { readonly what: string; readonly subject: string; readonly signal?: AbortSignal | undefined },
): Promise<T> {
  const payload = JSON.stringify(body);
  for (;;) {
    await connection.whenConnected(signal);
    try {
      return answer<T>(await connection.requests.send(`$JS.API.${api}`, payload, { timeoutMs: API_MS, signal }), what);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      signal?.throwIfAborted();
      if (error.why === 'disconnected') continue;
      if (error.why === 'no-responders') throw new NotProvisioned('JetStream', error);
      if (error.why === 'refused')
        throw new SubscribeRefused(subject, connection.identity.label, mayRead(subject), error.cause);
      throw new DeadlinePassed(`${what} did not answer`, API_MS, error);
    }
  }
}

function answer<T>(reply: Msg, what: string): T {
  const body = reply.json<T & { error?: { err_code?: number; description?: string } }>();
  if (body.error === undefined) return body;
  const { err_code: code = 0, description = 'no reason given' } = body.error;
  if (code === NO_STREAM) throw new NotProvisioned(what);
  throw new StreamApiError(code, description);
}
