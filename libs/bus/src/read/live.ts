import { H, type SomeContract } from '@seatrial/contracts';
import type { Msg } from '@nats-io/nats-core';

import { decode, headerMap } from '../codec/decode.ts';
import { readableHeaders } from '../codec/readable-headers.ts';
import type { Connection } from '../connection/connection.ts';
import { mayRead } from '../connection/rights.ts';
import { SubscribeRefused, violationOf } from '../errors.ts';
import { Queue } from './queue.ts';
import type { InvalidReceived, RawReceived, Received } from './received.ts';

/** How live messages are read. */
export interface LiveOptions {
  readonly signal?: AbortSignal;
  /** Hears of messages that cannot be decoded. They are counted in any case. */ readonly onInvalid?: (
    message: InvalidReceived,
  ) => void;
}

/** Messages that wait for a slow reader; beyond it the oldest is dropped and counted. Live means: no history, no back-pressure. */
const LIMIT = 8_192;

/**
 * Messages on a subject from now on, at most once, decoded by their contract. Listens from the first `next()` on; ends with the signal and with the bus.
 * @throws SubscribeRefused
 */
export async function* liveMessages<D>(
  connection: Connection,
  contract: SomeContract,
  subject: string,
  options: LiveOptions = {},
): AsyncGenerator<Received<D>, void, undefined> {
  for await (const message of incoming(connection, subject, options.signal)) {
    const decoded = decode<D>(contract, message);
    if (decoded.ok) {
      const { id, headers } = decoded.meta;
      yield { data: decoded.data, id, subject: message.subject, time: timeOf(headers), headers };
      continue;
    }
    connection.metrics.droppedInvalid.add(contract.type);
    options.onInvalid?.({ ...rawOf(message), code: decoded.code, message: decoded.message });
  }
}

/** Messages on any subject from now on, as they come. @throws SubscribeRefused */
export async function* liveRaw(
  connection: Connection,
  subject: string,
  options: { readonly signal?: AbortSignal } = {},
): AsyncGenerator<RawReceived, void, undefined> {
  for await (const message of incoming(connection, subject, options.signal)) yield rawOf(message);
}

async function* incoming(
  connection: Connection,
  subject: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<Msg, void, undefined> {
  const end = signal === undefined ? connection.closing : AbortSignal.any([signal, connection.closing]);
  if (end.aborted) return;
  const queue = new Queue<Msg>(LIMIT);
  const subscription = connection.nc.subscribe(subject, {
    callback: (error, message) => {
      if (error === null) queue.push(message);
      else queue.end(refusedOr(connection, subject, error));
    },
  });
  void subscription.closed.then(() => queue.end());
  const stop = (): void => queue.discard();
  end.addEventListener('abort', stop, { once: true });
  try {
    for (let next = await queue.next(); next !== undefined; next = await queue.next()) yield next.item;
  } finally {
    end.removeEventListener('abort', stop);
    if (queue.dropped > 0) connection.metrics.droppedSlow.add(subject, queue.dropped);
    if (!subscription.isClosed()) subscription.unsubscribe();
  }
}

function refusedOr(connection: Connection, subject: string, error: Error): Error {
  return violationOf(error) === undefined
    ? error
    : new SubscribeRefused(subject, connection.identity.label, mayRead(subject), error);
}

function rawOf(message: Msg): RawReceived {
  const headers = headerMap(readableHeaders(message));
  return { subject: message.subject, headers, data: message.data, time: timeOf(headers) };
}

/** A live message has no time of the server: that of its sender, or where it gives none, now. */
function timeOf(headers: ReadonlyMap<string, string>): Date {
  const time = Date.parse(headers.get(H.time) ?? '');
  return Number.isNaN(time) ? new Date() : new Date(time);
}
