import {
  createInbox,
  type Msg,
  type MsgHdrs,
  type NatsConnection,
  type PermissionViolationError,
  type Subscription,
} from '@nats-io/nats-core';

import { readableHeaders } from '../codec/readable-headers.ts';
import { BusClosed } from '../errors.ts';

/** How a request ended that got no reply. Only used inside the library: callers turn it into an error that names what was asked. */
export class Unanswered extends Error {
  readonly why: 'timeout' | 'no-responders' | 'disconnected' | 'refused' | 'aborted';
  constructor(why: Unanswered['why'], cause?: unknown) {
    super(why, cause === undefined ? undefined : { cause });
    this.name = 'Unanswered';
    this.why = why;
  }
}

/** What a request may set. */
export interface RequestOptions {
  readonly headers?: MsgHdrs;
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

interface Waiting {
  readonly subject: string;
  readonly resolve: (reply: Msg) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Requests and their replies over one subscription. The client has its own, but it leaves requests hanging until their timeout when the connection is
 * lost; here they end at once, so that a publish is repeated the moment the server is back.
 */
export class Requests {
  readonly #nc: NatsConnection;
  readonly #inbox: string;
  readonly #waiting = new Map<string, Waiting>();
  #subscription: Subscription | undefined;
  #next = 0;
  #closed = false;
  readonly #idle: (() => void)[] = [];

  constructor(nc: NatsConnection, inboxPrefix: string) {
    this.#nc = nc;
    this.#inbox = `${createInbox(inboxPrefix)}.`;
  }

  /** Requests that wait for a reply. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Resolves when no request waits. */
  idle(): Promise<void> {
    return this.#waiting.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Sends one request. Rejects with `Unanswered`, or `BusClosed`. */
  send(subject: string, payload: Uint8Array | string, options: RequestOptions): Promise<Msg> {
    return new Promise<Msg>((resolve, reject) => {
      if (this.#closed || this.#nc.isClosed()) {
        reject(new BusClosed());
        return;
      }
      if (options.signal?.aborted === true) {
        reject(new Unanswered('aborted', options.signal.reason));
        return;
      }
      this.#subscription ??= this.#subscribe();
      const token = (this.#next++).toString(36);
      const timer = setTimeout(() => end(new Unanswered('timeout')), options.timeoutMs);
      const abort = (): void => end(new Unanswered('aborted', options.signal?.reason));
      const end = (error: Error | undefined, reply?: Msg): void => {
        if (!this.#waiting.delete(token)) return;
        clearTimeout(timer);
        options.signal?.removeEventListener('abort', abort);
        if (this.#waiting.size === 0) for (const resolve of this.#idle.splice(0)) resolve();
        if (reply === undefined) reject(error ?? new Unanswered('timeout'));
        else resolve(reply);
      };
      this.#waiting.set(token, { subject, resolve: (reply) => end(undefined, reply), reject: end });
      options.signal?.addEventListener('abort', abort, { once: true });
      try {
        this.#nc.publish(subject, payload, {
          reply: this.#inbox + token,
          ...(options.headers === undefined ? {} : { headers: options.headers }),
        });
      } catch (error) {
        end(error as Error);
      }
    });
  }

  /** The connection is lost: nothing that was sent will be answered. */
  disconnected(): void {
    for (const waiting of [...this.#waiting.values()]) waiting.reject(new Unanswered('disconnected'));
  }

  /** The server refused a publish: the oldest request to that subject fails. False when none waits. */
  refuse(violation: PermissionViolationError): boolean {
    for (const waiting of this.#waiting.values()) {
      if (waiting.subject !== violation.subject) continue;
      waiting.reject(new Unanswered('refused', violation));
      return true;
    }
    return false;
  }

  close(): void {
    this.#closed = true;
    for (const waiting of [...this.#waiting.values()]) waiting.reject(new BusClosed());
    if (this.#subscription?.isClosed() === false) this.#subscription.unsubscribe();
  }

  #subscribe(): Subscription {
    return this.#nc.subscribe(`${this.#inbox}*`, {
      callback: (error, message) => {
        if (error !== null) return;
        const waiting = this.#waiting.get(message.subject.slice(this.#inbox.length));
        if (waiting === undefined) return;
        if (message.data.length === 0 && readableHeaders(message)?.code === 503)
          waiting.reject(new Unanswered('no-responders'));
        else waiting.resolve(message);
      },
    });
  }
}
