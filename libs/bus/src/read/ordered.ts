import { setTimeout as wait } from 'node:timers/promises';
import { createInbox, nuid, type Msg, type Subscription } from '@nats-io/nats-core';

import { readableHeaders } from '../codec/readable-headers.ts';
import type { Connection } from '../connection/connection.ts';
import { mayRead } from '../connection/rights.ts';
import { DeadlinePassed, NotProvisioned, SubscribeRefused, violationOf } from '../errors.ts';
import { streamApi, StreamApiError } from './api.ts';
import { Queue } from './queue.ts';

/** Where an ordered read begins. */
export type From = { readonly sequence: number } | { readonly time: Date } | 'all' | 'new' | 'last-per-subject';

/** What is read in order. */
export interface OrderedOptions {
  readonly stream: string;
  readonly filter: string;
  readonly from: From;
  readonly signal?: AbortSignal | undefined;
}

/** A message of the stream, or the mark that everything stored at the beginning has been given. */
export type OrderedItem =
  | { readonly kind: 'message'; readonly message: Msg; readonly sequence: number; readonly time: Date }
  | { readonly kind: 'caught-up' };

/** The server shows a sign of life this often when nothing is sent, ms. */
const IDLE_MS = 5_000;
/** Silence after which the consumer is made anew, ms. */
const SILENCE_MS = 2.5 * IDLE_MS;
/** The server removes the consumer this long after its reader is gone, ms. */
const INACTIVE_MS = 10_000;
/** Pause before a consumer is made anew after the server could not, ms. */
const RETRY_MS = 500;

interface ConsumerCreated {
  readonly num_pending: number;
  readonly delivered: { readonly stream_seq: number };
}

type Arrived =
  | { readonly kind: 'data' | 'flow'; readonly message: Msg }
  /** Sign of life: nothing is on its way behind consumer sequence `last`. */
  | { readonly kind: 'idle'; readonly last: number };

/**
 * Every message of a stream under a filter, in order and without gaps: an ordered push consumer, made anew from the last message wherever a gap, silence,
 * a reconnect or a restarted server interrupts it. Written on the protocol, because the client's own needs rights that nobody has
 * (CONSUMER.INFO, STREAM.INFO, CONSUMER.DELETE); this one needs `CONSUMER.CREATE.<stream>.*.<filter>` and `$JS.FC.<stream>.>`.
 * Flow control is answered when the reader has taken what came before, so a slow reader slows the server.
 * @throws NotProvisioned, SubscribeRefused, BusClosed
 */
export async function* ordered(
  connection: Connection,
  options: OrderedOptions,
): AsyncGenerator<OrderedItem, void, undefined> {
  const end = options.signal === undefined ? connection.closing : AbortSignal.any([options.signal, connection.closing]);
  let last: number | undefined;
  let caughtUp = false;
  while (!end.aborted) {
    await using consumer = new Attempt(connection, options, last, end);
    // The subscription exists before the request is sent, and both before anything is awaited: a flush after the first `next()` covers them.
    const created = await consumer.create();
    if (created === 'again') continue;
    if (created === undefined) return;
    let left = created.num_pending;
    // What is published while a reader of new messages is cut off is new to it.
    if (options.from === 'new') last ??= created.delivered.stream_seq;
    for (;;) {
      if (!caughtUp && left <= 0) {
        caughtUp = true;
        yield { kind: 'caught-up' };
      }
      const arrived = await consumer.next();
      if (arrived === undefined) break;
      if (arrived === 'idle') {
        // Nothing on its way: what was counted at the beginning and did not come has expired since.
        left = 0;
        continue;
      }
      last = arrived.sequence;
      left = Math.min(left - 1, arrived.pending);
      yield { kind: 'message', message: arrived.message, sequence: arrived.sequence, time: arrived.time };
    }
  }
}

/** One consumer on the server and its inbox. */
class Attempt {
  readonly #connection: Connection;
  readonly #options: OrderedOptions;
  readonly #after: number | undefined;
  readonly #end: AbortSignal;
  readonly #inbox: string;
  readonly #queue = new Queue<Arrived>();
  readonly #subscription: Subscription;
  readonly #off: () => void;
  readonly #stop = (): void => this.#queue.discard();
  #consumerSequence = 0;
  #silence: NodeJS.Timeout | undefined;

  constructor(connection: Connection, options: OrderedOptions, after: number | undefined, end: AbortSignal) {
    this.#connection = connection;
    this.#options = options;
    this.#after = after;
    this.#end = end;
    this.#inbox = createInbox(connection.identity.inboxPrefix);
    this.#subscription = connection.nc.subscribe(this.#inbox, {
      callback: (error, message) => {
        if (error === null) this.#arrive(message);
        else this.#queue.end(this.#refused(error));
      },
    });
    void this.#subscription.closed.then(() => this.#queue.end());
    this.#off = connection.onReconnect(() => this.#queue.end());
    end.addEventListener('abort', this.#stop, { once: true });
  }

  /** Makes the consumer. `again` after a pause when the server could not, undefined at the end. */
  async create(): Promise<ConsumerCreated | 'again' | undefined> {
    const { stream, filter } = this.#options;
    const name = `seatrial-${nuid.next()}`;
    const config = {
      name,
      deliver_subject: this.#inbox,
      filter_subject: filter,
      ...this.#start(),
      ack_policy: 'none',
      replay_policy: 'instant',
      flow_control: true,
      idle_heartbeat: IDLE_MS * 1_000_000,
      inactive_threshold: INACTIVE_MS * 1_000_000,
      mem_storage: true,
      num_replicas: 1,
      max_deliver: 1,
    };
    try {
      const created = await streamApi<ConsumerCreated>(
        this.#connection,
        `CONSUMER.CREATE.${stream}.${name}.${filter}`,
        { stream_name: stream, config, action: 'create' },
        { what: `stream ${stream}`, subject: filter, signal: this.#end },
      );
      this.#alive();
      return created;
    } catch (error) {
      if (this.#end.aborted) return undefined;
      // A server that is busy or has just started; a stream that vanished under a reader may be made anew.
      const passing =
        error instanceof DeadlinePassed ||
        error instanceof StreamApiError ||
        (error instanceof NotProvisioned && this.#after !== undefined);
      if (!passing) throw error;
      this.#connection.log.warn({ err: error, stream, filter }, 'an ordered consumer could not be made; trying again');
      await wait(RETRY_MS, undefined, { signal: this.#end }).catch(() => undefined);
      return 'again';
    }
  }

  /** Next message in order, or `idle`; undefined when this consumer is of no more use. */
  async next(): Promise<{ message: Msg; sequence: number; time: Date; pending: number } | 'idle' | undefined> {
    for (let next = await this.#queue.next(); next !== undefined; next = await this.#queue.next()) {
      const { item } = next;
      if (item.kind === 'idle') {
        if (item.last !== this.#consumerSequence) return undefined;
        return 'idle';
      }
      if (item.kind === 'flow') {
        item.message.respond();
        continue;
      }
      const place = placeOf(item.message);
      if (place === undefined || place.consumerSequence !== this.#consumerSequence + 1) return undefined;
      this.#consumerSequence = place.consumerSequence;
      return { message: item.message, ...place };
    }
    return undefined;
  }

  [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#silence);
    this.#off();
    this.#end.removeEventListener('abort', this.#stop);
    // The server notices that nobody listens and removes the consumer; nobody has the right to delete one.
    if (!this.#subscription.isClosed()) this.#subscription.unsubscribe();
    return Promise.resolve();
  }

  #refused(error: Error): Error {
    const { filter } = this.#options;
    if (violationOf(error) === undefined) return error;
    return new SubscribeRefused(filter, this.#connection.identity.label, mayRead(filter), error);
  }

  #start(): object {
    if (this.#after !== undefined) return { deliver_policy: 'by_start_sequence', opt_start_seq: this.#after + 1 };
    const { from } = this.#options;
    switch (from) {
      case 'all':
        return { deliver_policy: 'all' };
      case 'new':
        return { deliver_policy: 'new' };
      case 'last-per-subject':
        return { deliver_policy: 'last_per_subject' };
      default:
        return 'sequence' in from
          ? { deliver_policy: 'by_start_sequence', opt_start_seq: Math.max(1, from.sequence) }
          : { deliver_policy: 'by_start_time', opt_start_time: from.time.toISOString() };
    }
  }

  #arrive(message: Msg): void {
    this.#alive();
    if (message.subject !== this.#inbox) {
      this.#queue.push({ kind: 'data', message });
      return;
    }
    const headers = readableHeaders(message);
    if (headers?.code !== 100) {
      // 409: the consumer was deleted, or its leader changed.
      this.#queue.end();
      return;
    }
    if (message.reply !== undefined && message.reply !== '') {
      this.#queue.push({ kind: 'flow', message });
      return;
    }
    const stalled = headers.get('Nats-Consumer-Stalled');
    if (stalled === '') this.#queue.push({ kind: 'idle', last: Number(headers.get('Nats-Last-Consumer')) });
    // The server waits for an answer to flow control that was lost.
    else this.#connection.nc.publish(stalled);
  }

  #alive(): void {
    if (this.#silence === undefined) this.#silence = setTimeout(() => this.#queue.end(), SILENCE_MS).unref();
    else this.#silence.refresh();
  }
}

/** Reads the reply subject `$JS.ACK.[<domain>.<account>.]<stream>.<consumer>.<deliveries>.<stream seq>.<consumer seq>.<ns>.<pending>[.<random>]` (ADR-15). */
function placeOf(
  message: Msg,
): { sequence: number; consumerSequence: number; time: Date; pending: number } | undefined {
  const tokens = (message.reply ?? '').split('.');
  if (tokens.length < 9 || tokens[1] !== 'ACK') return undefined;
  const at = tokens.length === 9 ? 5 : 7;
  return {
    sequence: Number(tokens[at]),
    consumerSequence: Number(tokens[at + 1]),
    time: new Date(Math.trunc(Number(tokens[at + 2]) / 1e6)),
    pending: Number(tokens[at + 3]),
  };
}
