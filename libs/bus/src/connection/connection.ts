import { jetstream, type JetStreamClient } from '@nats-io/jetstream';
import { errors as nats, type NatsConnection } from '@nats-io/nats-core';

import { BusClosed, CredentialsRefused, SubscribeRefused } from '../errors.ts';
import { Closers, type CloseStage } from './closers.ts';
import { dial } from './dial.ts';
import type { Identity } from './identity.ts';
import type { BusLog } from './log.ts';
import { BusMetrics } from './metrics.ts';
import { compileBusOptions, type BusOptions, type CompiledBusOptions } from './options.ts';
import { mayRead } from './rights.ts';
import { Requests } from './requests.ts';

/** Longest wait for the server to confirm a flush or a drain when it closes, ms. A broker that is gone must not hold the process. */
const CLOSE_MS = 5_000;

/** The one connection of a process to the bus, and what everything on it shares. */
export class Connection {
  readonly nc: NatsConnection;
  /** Client of the streams; asks for no rights of its own (`checkAPI: false`). */
  readonly js: JetStreamClient;
  readonly identity: Identity;
  readonly instance: string;
  readonly version: string;
  readonly log: BusLog;
  readonly metrics = new BusMetrics();
  /** Requests and their replies, on one inbox. */
  readonly requests: Requests;
  readonly #options: CompiledBusOptions;
  readonly #closers = new Closers();
  readonly #closing = new AbortController();
  readonly #closed = new AbortController();
  readonly #reconnected = new Set<() => void>();
  #connected = true;
  #close: Promise<void> | undefined;

  private constructor(nc: NatsConnection, options: CompiledBusOptions) {
    this.nc = nc;
    this.js = jetstream(nc, { checkAPI: false });
    this.identity = options.identity;
    this.instance = options.instance;
    this.version = options.version;
    this.log = options.log;
    this.#options = options;
    this.requests = new Requests(nc, options.identity.inboxPrefix);
    void this.#follow();
  }

  /** @throws BrokerUnreachable, CredentialsRefused, CredentialsRequired, BrokerTooOld, BusConfigError */
  static async open(options: BusOptions): Promise<Connection> {
    const compiled = compileBusOptions(options);
    const connection = new Connection(await dial(compiled), compiled);
    compiled.onStatus('connected');
    return connection;
  }

  /** True while the server is connected and the bus is not closed. */
  get connected(): boolean {
    return this.#connected && !this.nc.isClosed();
  }
  /** True from the first call of `close()`. */
  get isClosing(): boolean {
    return this.#closing.signal.aborted;
  }
  /** Aborts when `close()` begins. Loops that read end on it. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }
  /** Aborts when nothing can be sent any more. */
  get closed(): AbortSignal {
    return this.#closed.signal;
  }

  /** Registers a step of the ordered shutdown. Returns what takes it out again. */
  onClose(stage: CloseStage, closer: () => unknown): () => void {
    return this.#closers.add(stage, closer);
  }

  /** Calls back after each reconnect. Returns what takes it out again. */
  onReconnect(listener: () => void): () => void {
    this.#reconnected.add(listener);
    return () => void this.#reconnected.delete(listener);
  }

  /** Resolves at once while connected, else at the next reconnect. Rejects with `BusClosed`, or the reason of the signal. */
  async whenConnected(signal?: AbortSignal): Promise<void> {
    if (this.#closed.signal.aborted || this.nc.isClosed()) throw new BusClosed();
    if (this.connected) return;
    const ends = signal === undefined ? [this.#closed.signal] : [this.#closed.signal, signal];
    const end = AbortSignal.any(ends);
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const off = this.onReconnect(resolve);
    const abort = (): void => reject(end.reason as Error);
    end.addEventListener('abort', abort, { once: true });
    if (end.aborted) abort();
    try {
      await promise;
    } finally {
      off();
      end.removeEventListener('abort', abort);
    }
  }

  /** Idempotent, one promise for all callers: take nothing new, finish work, flush, drain. */
  close(): Promise<void> {
    this.#close ??= this.#shutDown();
    return this.#close;
  }

  async #shutDown(): Promise<void> {
    this.#closing.abort(new BusClosed());
    for (const error of await this.#closers.run()) this.log.error({ err: error }, 'a step of the shutdown failed');
    try {
      // What was sent is still answered: nobody is told that a stored message failed.
      if (this.connected) await within(CLOSE_MS, this.requests.idle());
      this.requests.close();
      if (this.connected) await within(CLOSE_MS, this.nc.drain());
    } catch (error) {
      this.log.warn({ err: error }, 'the connection could not be drained');
    } finally {
      this.#connected = false;
      this.requests.close();
      this.#closed.abort(new BusClosed());
      await this.nc.close();
      this.#options.onStatus('closed');
    }
  }

  async #follow(): Promise<void> {
    for await (const status of this.nc.status()) {
      switch (status.type) {
        case 'disconnect':
          this.#connected = false;
          this.requests.disconnected();
          this.#options.onStatus('disconnected');
          if (!this.isClosing) this.log.warn({ server: status.server }, 'the bus is disconnected');
          break;
        case 'reconnecting':
          this.#options.onStatus('reconnecting');
          break;
        case 'reconnect':
          this.#connected = true;
          this.metrics.reconnects.add(this.identity.label);
          this.#options.onStatus('connected');
          this.log.info({ server: status.server }, 'the bus is connected again');
          for (const listener of this.#reconnected) listener();
          break;
        case 'error':
          this.#tell(status.error);
          break;
        default:
          this.log.debug({ status: status.type }, 'bus status');
      }
    }
  }

  #tell(error: Error): void {
    if (error instanceof nats.PermissionViolationError && error.operation === 'publish') {
      // Whoever sent it hears of it; a plain publish (an answer, a heartbeat) has nobody who waits.
      if (!this.requests.refuse(error)) this.log.error({ err: error }, 'the bus refused a publish');
      return;
    }
    const told =
      error instanceof nats.PermissionViolationError
        ? new SubscribeRefused(error.subject, this.identity.label, mayRead(error.subject), error)
        : error instanceof nats.AuthorizationError
          ? new CredentialsRefused(`the bus no longer accepts the key of ${this.identity.label}`, error)
          : undefined;
    this.log.error({ err: told ?? error }, 'the bus reports an error');
    if (told !== undefined) this.#options.onStatus(told);
  }
}

async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms);
  try {
    await Promise.race([work, promise]);
  } finally {
    clearTimeout(timer);
  }
}
