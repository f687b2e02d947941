import { createInbox, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';

import type { Requests } from '../connection/requests.ts';
import { Unanswered } from '../connection/requests.ts';
import { DeadlinePassed, NotProvisioned } from '../errors.ts';
import { atMost, UNSUBSCRIBE_MS } from './at-most.ts';
import { isSuspect, mayStart, toAsk, type Hold } from './caution.ts';
import { acknowledge, storedMessage, type StoredMessage } from './stored-message.ts';

/** What a loop is made of. */
export interface PullLoopOptions {
  readonly nc: NatsConnection;
  readonly requests: Pick<Requests, 'send'>;
  /** The inbox prefix this user may subscribe. */
  readonly inboxPrefix: string;
  readonly stream: string;
  readonly durable: string;
  readonly concurrency: number;
  readonly heartbeatMs: number;
  /** Settles one message; never rejects. */
  readonly run: (message: StoredMessage) => Promise<void>;
  /** Messages held, after each change. */
  readonly onHeld?: (held: number) => void;
  /** The durable vanished (reason given) or is back (undefined). */
  readonly onBound?: (lost: NotProvisioned | undefined) => void;
}

/** A pull request lives this long on the server, ms. */
const EXPIRES_MS = 30_000;
/** The server shows a sign of life this often while a request waits, ms. */
const IDLE_MS = 10_000;
/** Time for an answer to the question whether the durable is there, ms. */
const PROBE_MS = 5_000;
/** Pause between looks at a durable that is missing, ms. */
const RETRY_MS = 1_000;

/**
 * Takes messages of one durable, as many as there are free handlers, and keeps those it holds alive. Survives a lost connection, a restarted
 * server and a durable that is made anew. Written on the pull protocol itself: the client's own `consume` refills before handlers are free, so
 * that messages age in the process, and it cannot ask for suspects one by one (see `caution.ts`).
 */
export class PullLoop {
  readonly #o: PullLoopOptions;
  readonly #next: string;
  readonly #waiting: StoredMessage[] = [];
  readonly #running = new Set<StoredMessage>();
  /** Acks of this turn: sent together they cost one write to the socket instead of one each. */
  readonly #acks: Msg[] = [];
  #inbox: Subscription | undefined;
  #asked = 0;
  #cautious = true;
  #suspectRuns = false;
  #bound = false;
  #stopped = false;
  #scheduled = false;
  #heard = 0;
  #beat: NodeJS.Timeout | undefined;
  #retry: NodeJS.Timeout | undefined;
  #idle: (() => void)[] = [];

  constructor(options: PullLoopOptions) {
    this.#o = options;
    this.#next = `$JS.API.CONSUMER.MSG.NEXT.${options.stream}.${options.durable}`;
  }

  /** True while the durable answers. */
  get bound(): boolean {
    return this.#bound;
  }
  /** Messages that are held: running and waiting. */
  get held(): number {
    return this.#running.size + this.#waiting.length;
  }

  /** Starts pulling. Throws `NotProvisioned` when the durable, or the right to it, is missing, and `DeadlinePassed`. */
  async start(): Promise<void> {
    if (!(await this.#exists())) throw this.#missing();
    this.#bound = true;
    this.#beat = setInterval(() => this.#heartbeat(), this.#o.heartbeatMs);
    this.renew();
  }

  /** To call after a reconnect: a new inbox makes every request before it void, wherever it is. */
  renew(): void {
    if (this.#stopped) return;
    this.#inbox?.unsubscribe();
    this.#asked = 0;
    this.#heard = performance.now();
    const subject = createInbox(this.#o.inboxPrefix);
    this.#inbox = this.#o.nc.subscribe(subject, {
      callback: (error, message) => {
        if (error !== null) this.#lose(error);
        else if (message.subject === subject) this.#status(message);
        else this.#receive(message);
      },
    });
    this.#pump();
  }

  /** Asks for nothing more and gives back what has not started. Resolves when the server has stopped sending. */
  async stop(): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    clearTimeout(this.#retry);
    for (const message of this.#waiting.splice(0)) message.nak();
    const inbox = this.#inbox;
    // What is on its way arrives while the subscription drains and is given back too.
    if (inbox !== undefined && !inbox.isClosed()) await atMost(UNSUBSCRIBE_MS, inbox.drain());
    if (this.held === 0) this.#settleIdle();
  }

  /** Resolves when nothing is held any more. */
  idle(): Promise<void> {
    if (this.held === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Whether the durable is there. Rejects when that cannot be told (no connection, no right). */
  async #exists(): Promise<boolean> {
    try {
      // A heartbeat longer than half the expiry is refused by an existing durable with status 400, so this asks without taking a message;
      // CONSUMER.INFO would be one more right.
      await this.#o.requests.send(this.#next, '{"batch":1,"expires":1000000000,"idle_heartbeat":1000000000}', {
        timeoutMs: PROBE_MS,
      });
      return true;
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      if (error.why === 'no-responders') return false;
      if (error.why === 'refused') throw this.#missing(' that this service may read', error);
      throw new DeadlinePassed(`durable ${this.#o.durable} did not answer`, PROBE_MS, error);
    }
  }

  #missing(which = '', cause?: unknown): NotProvisioned {
    return new NotProvisioned(`durable ${this.#o.durable} on stream ${this.#o.stream}${which}`, cause);
  }

  #receive(message: Msg): void {
    const stored = storedMessage(message, (acked) => this.#acks.push(acked));
    if (stored === undefined) return;
    this.#heard = performance.now();
    if (this.#asked > 0) this.#asked -= 1;
    if (this.#stopped) {
      stored.nak();
      return;
    }
    this.#cautious = stored.deliveryCount > 1;
    this.#waiting.push(stored);
    this.#o.onHeld?.(this.held);
    this.#pump();
  }

  #status(message: Msg): void {
    this.#heard = performance.now();
    const code = message.headers?.code ?? 0;
    if (code === 100) return;
    if (code === 503 || (code === 409 && /deleted/i.test(message.headers?.description ?? ''))) {
      this.#lose(undefined);
      return;
    }
    const unserved = Number(message.headers?.get('Nats-Pending-Messages') || Number.NaN);
    if (Number.isFinite(unserved)) {
      this.#asked = Math.max(0, this.#asked - unserved);
      this.#schedule();
      return;
    }
    // Refused for a limit of the server (waiting requests, batch size): ask anew after a pause.
    this.#asked = 0;
    this.#later(() => this.#schedule());
  }

  #lose(cause: unknown): void {
    if (this.#stopped) return;
    this.#asked = 0;
    if (this.#bound) {
      this.#bound = false;
      this.#o.onBound?.(this.#missing('', cause));
    }
    this.#later(() => void this.#lookAgain());
  }

  async #lookAgain(): Promise<void> {
    const there = await this.#exists().catch(() => false);
    if (this.#stopped) return;
    if (!there) {
      this.#later(() => void this.#lookAgain());
      return;
    }
    if (!this.#bound) {
      this.#bound = true;
      this.#o.onBound?.(undefined);
    }
    this.renew();
  }

  #later(act: () => void): void {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(act, RETRY_MS);
  }

  get #hold(): Hold {
    return {
      concurrency: this.#o.concurrency,
      asked: this.#asked,
      waiting: this.#waiting.length,
      running: this.#running.size,
      suspectsWaiting: this.#waiting.reduce((n, message) => n + (isSuspect(message.deliveryCount) ? 1 : 0), 0),
      suspectRuns: this.#suspectRuns,
      cautious: this.#cautious,
    };
  }

  #pump(): void {
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!mayStart(this.#hold, next.deliveryCount)) break;
      this.#waiting.shift();
      void this.#run(next);
    }
    this.#schedule();
  }

  /** Handlers that end in the same turn are acknowledged together and refilled by one request. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#sendAcks();
      this.#ask();
    });
  }

  #sendAcks(): void {
    if (this.#acks.length === 0) return;
    const acks = this.#acks.splice(0);
    // The connection closed meanwhile: they are delivered again, to whoever runs then.
    if (!this.#o.nc.isClosed()) for (const message of acks) acknowledge(message);
  }

  #ask(): void {
    const inbox = this.#inbox;
    if (this.#stopped || !this.#bound || inbox === undefined || inbox.isClosed()) return;
    const batch = toAsk(this.#hold);
    if (batch === 0) return;
    this.#asked += batch;
    this.#o.nc.publish(
      this.#next,
      `{"batch":${batch},"expires":${EXPIRES_MS}000000,"idle_heartbeat":${IDLE_MS}000000}`,
      {
        reply: inbox.getSubject(),
      },
    );
  }

  async #run(message: StoredMessage): Promise<void> {
    this.#running.add(message);
    this.#suspectRuns = isSuspect(message.deliveryCount);
    try {
      await this.#o.run(message);
    } finally {
      this.#running.delete(message);
      if (this.#running.size === 0) this.#suspectRuns = false;
      this.#o.onHeld?.(this.held);
      if (this.held === 0) this.#settleIdle();
      this.#pump();
    }
  }

  #heartbeat(): void {
    if (this.#o.nc.isClosed()) {
      clearInterval(this.#beat);
      return;
    }
    for (const message of this.#running) message.working();
    for (const message of this.#waiting) message.working();
    if (this.#asked > 0 && performance.now() - this.#heard > 2 * IDLE_MS + this.#o.heartbeatMs) this.renew();
  }

  #settleIdle(): void {
    if (!this.#stopped && this.#idle.length === 0) return;
    this.#sendAcks();
    if (this.#stopped) clearInterval(this.#beat);
    for (const resolve of this.#idle.splice(0)) resolve();
  }
}
