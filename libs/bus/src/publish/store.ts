import { setTimeout as wait } from 'node:timers/promises';
import type { Msg, MsgHdrs } from '@nats-io/nats-core';

import type { Connection } from '../connection/connection.ts';
import { withDeadline } from '../connection/deadline.ts';
import { Unanswered } from '../connection/requests.ts';
import { mayPublish } from '../connection/rights.ts';
import { DeadlinePassed, NotProvisioned, NotStored, PayloadTooLarge, PublishRefused } from '../errors.ts';

/** A message for a stream. `Nats-Msg-Id` in its headers makes repeating it harmless. */
export interface Storable {
  readonly subject: string;
  readonly payload: Uint8Array | string;
  readonly headers: MsgHdrs;
  /** Name in metrics and texts: the type of the message, or the bucket. */
  readonly what: string;
  /** Time until it is given up, ms. */
  readonly deadlineMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** What the server answered. */
export interface Stored {
  readonly sequence: number;
  /** The server had this id already, within its duplicate window: nothing was stored again. */
  readonly duplicate: boolean;
}

/** The message was not stored because its subject is not at the expected sequence. */
export class WrongSequence extends Error {
  /** It had been sent before and its ack was lost: the sequence may be that of the first try. */
  readonly repeated: boolean;
  constructor(subject: string, repeated: boolean) {
    super(`${subject} is at another sequence`);
    this.name = 'WrongSequence';
    this.repeated = repeated;
  }
}

/** Longest wait for one ack, ms. A file store under load answers within milliseconds; a stalled one deserves a second try. */
const ACK_MS = 5_000;
/** Pauses while no stream takes the subject, ms: a server that has just started may not have recovered its streams. */
const NO_STREAM_MS: readonly number[] = [50, 100, 250, 600, 1_000];

/**
 * Publishes to a stream and waits until it is stored. Repeats it with the same id over lost acks and lost connections until the deadline or the signal,
 * so a message that was acknowledged is in the stream exactly once.
 * @throws NotProvisioned, NotStored, PayloadTooLarge, PublishRefused, DeadlinePassed, BusClosed, WrongSequence, or the reason of the signal
 */
export async function store(connection: Connection, message: Storable): Promise<Stored> {
  const { subject, payload, headers, deadlineMs, signal } = message;
  const end = performance.now() + deadlineMs;
  let noStream = 0;
  for (let attempt = 0; ; attempt++) {
    if (attempt > 0) connection.metrics.publishRetries.add(message.what);
    try {
      if (!connection.connected) await connected(connection, end - performance.now(), message);
      const left = end - performance.now();
      return read(
        message,
        attempt,
        await connection.requests.send(subject, payload, {
          headers,
          timeoutMs: Math.max(1, Math.min(ACK_MS, left)),
          signal,
        }),
      );
    } catch (error) {
      if (!(error instanceof Unanswered)) throw failed(connection, message, error);
      signal?.throwIfAborted();
      if (error.why === 'refused') throw failed(connection, message, refusal(connection, subject, error));
      if (end - performance.now() <= 0) throw failed(connection, message, late(message, error));
      if (error.why !== 'no-responders') continue;
      const pause = NO_STREAM_MS[noStream++];
      if (pause === undefined) throw failed(connection, message, new NotProvisioned(`stream for ${subject}`, error));
      await wait(
        Math.min(pause, Math.max(1, end - performance.now())),
        undefined,
        signal === undefined ? {} : { signal },
      );
    }
  }
}

function connected(connection: Connection, left: number, message: Storable): Promise<void> {
  return withDeadline(`${message.what} was not stored`, left, message.signal, (end) => connection.whenConnected(end));
}

/** Reads `{"stream","seq","duplicate"?}` or `{"error":{"code","err_code","description"}}`. */
function read(message: Storable, attempt: number, reply: Msg): Stored {
  const ack = reply.json<{ seq?: number; duplicate?: boolean; error?: { err_code?: number; description?: string } }>();
  if (ack.error !== undefined)
    throw refusedByStream(message, attempt, ack.error.err_code ?? 0, ack.error.description ?? 'no reason given');
  if (ack.seq === undefined) throw new NotStored(message.subject, 'the answer is no ack');
  return { sequence: ack.seq, duplicate: ack.duplicate === true };
}

/** Error codes of JetStream: nats-server `server/errors.json`. */
function refusedByStream(message: Storable, attempt: number, code: number, text: string): Error {
  switch (code) {
    case 10071: // wrong last sequence: <n>
    case 10164: // wrong last sequence
      return new WrongSequence(message.subject, attempt > 0);
    case 10054: // message size exceeds maximum allowed
      return new PayloadTooLarge(message.what, message.payload.length, 0);
    case 10039: // JetStream not enabled for account
    case 10076: // JetStream not enabled
      return new NotProvisioned('JetStream');
    case 10059: // stream not found
      return new NotProvisioned(`stream for ${message.subject}`);
    default:
      return new NotStored(message.subject, text);
  }
}

function refusal(connection: Connection, subject: string, error: Unanswered): PublishRefused {
  return new PublishRefused(subject, connection.identity.label, mayPublish(subject), error.cause);
}

function late(message: Storable, cause: unknown): DeadlinePassed {
  return new DeadlinePassed(`${message.what} was not stored`, message.deadlineMs, cause);
}

function failed(connection: Connection, message: Storable, error: unknown): unknown {
  if (!(error instanceof WrongSequence)) connection.metrics.publishFailures.add(message.what);
  return error;
}
