import { H, type ServiceName } from '@seatrial/contracts';
import type { Subscription } from '@nats-io/nats-core';

import { decode } from '../codec/decode.ts';
import { readableHeaders } from '../codec/readable-headers.ts';
import type { Connection } from '../connection/connection.ts';
import { MESSAGING } from '../trace/names.ts';
import { processing, traceIdOf } from '../trace/spans.ts';
import { atMost, UNSUBSCRIBE_MS } from './at-most.ts';
import type { QueryBinding, StreamBinding } from './binding.ts';
import { BACK_OFF_MS } from './consumer-options.ts';
import { bodyOf } from './body.ts';
import { deadLetter } from './dead-letter.ts';
import { EndpointCounters } from './endpoint-counters.ts';
import { domainsOf, endOfCommand } from './ledger.ts';
import { storeOutgoing } from './outgoing.ts';
import { settle, type Ending, type PipelinePorts } from './pipeline.ts';
import { PullLoop } from './pull-loop.ts';
import { Responder, type ResponderPorts } from './responder.ts';
import { answerDiscovery } from './service-info.ts';
import { pingOf, replayOf } from './standard.ts';
import type { StoredMessage } from './stored-message.ts';
import { Terms } from './term.ts';

/** How a service handles its messages. */
export interface HandlerServerOptions {
  /** Time that work in flight has to end at shutdown, ms. @default 10_000 */ readonly drainMs?: number;
  /** Pauses before the 2nd, 3rd, ... delivery, ms. @default 1 s, 5 s, 30 s, 2 min */ readonly backOffMs?: readonly number[];
}

/**
 * Runs the handlers of one service: binds their durables, subscribes their queries, answers `$SRV` discovery, pings and replays of dead letters.
 */
export class HandlerServer {
  readonly #connection: Connection;
  readonly #service: ServiceName;
  readonly #drainMs: number;
  readonly #shutdown = new AbortController();
  readonly startedAt = new Date();
  readonly #streams: StreamBinding[];
  readonly #queries: QueryBinding[];
  readonly #loops: PullLoop[] = [];
  readonly #responders: Responder[] = [];
  readonly #ports: Omit<PipelinePorts, 'terms'>;
  #discovery: Subscription[] = [];
  /** Takes this server out of the connection's lists. */
  readonly #leave: (() => void)[] = [];
  #taking = false;
  #stopping: Promise<void> | undefined;

  constructor(
    connection: Connection,
    service: ServiceName,
    streams: readonly StreamBinding[],
    queries: readonly QueryBinding[],
    options: HandlerServerOptions = {},
  ) {
    this.#connection = connection;
    this.#service = service;
    const domains = domainsOf(service);
    this.#drainMs = options.drainMs ?? 10_000;
    this.#streams = [
      ...streams,
      ...domains.map((domain) => replayOf(domain, service, connection, (durable) => this.#bindingOf(durable))),
    ];
    this.#queries = [...queries, ...domains.map((domain) => pingOf(domain, service, connection, this))];
    this.#ports = this.#pipelinePorts(options.backOffMs ?? BACK_OFF_MS);
  }

  /** True while every durable is bound and the server does not stop. */
  get ready(): boolean {
    return this.#taking && this.#loops.every((loop) => loop.bound);
  }

  /** Starts everything. Throws `NotProvisioned` naming the first durable that is missing; then nothing is left running. */
  async start(): Promise<void> {
    try {
      for (const binding of this.#streams) await this.#loop(binding).start();
      const counters = this.#queries.map((binding) => this.#respond(binding));
      this.#discovery = answerDiscovery(this.#connection.nc, this.#identity(), counters);
      this.#leave.push(
        this.#connection.onReconnect(() => this.#loops.forEach((loop) => loop.renew())),
        this.#connection.onClose('stop', () => this.#stopTaking()),
        this.#connection.onClose('finish', () => this.stop()),
      );
      // Subscriptions are sent without an answer; after a round trip the server knows them.
      await this.#connection.nc.flush();
      this.#taking = true;
    } catch (error) {
      await this.stop();
      throw error;
    }
  }

  /** Stops in order, once for all callers: no new messages, work in flight ends (its signal aborts when the drain time is up), the rest is given back. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop(): Promise<void> {
    await this.#stopTaking();
    const drained = setTimeout(() => this.#shutdown.abort(), this.#drainMs);
    await Promise.all(this.#parts.map((part) => part.idle()));
    clearTimeout(drained);
    for (const leave of this.#leave) leave();
    if (this.#connection.connected) await atMost(UNSUBSCRIBE_MS, this.#connection.nc.flush());
  }

  async #stopTaking(): Promise<void> {
    this.#taking = false;
    for (const subscription of this.#discovery.splice(0)) subscription.unsubscribe();
    await Promise.all(this.#parts.map((part) => part.stop()));
  }

  get #parts(): readonly (PullLoop | Responder)[] {
    return [...this.#loops, ...this.#responders];
  }

  #loop(binding: StreamBinding): PullLoop {
    const { stream, durable, options } = binding;
    const ports = { ...this.#ports, terms: new Terms(durable, options.maxHandlerMs, this.#shutdown.signal) };
    const loop = new PullLoop({
      nc: this.#connection.nc,
      requests: this.#connection.requests,
      inboxPrefix: this.#connection.identity.inboxPrefix,
      stream,
      durable,
      concurrency: options.concurrency,
      heartbeatMs: options.heartbeatMs,
      run: async (message) => {
        await settle(binding, message, ports);
      },
      onHeld: (held) => this.#connection.metrics.ackPending.set(durable, held),
      onBound: (lost) => {
        if (lost === undefined) this.#connection.log.info({ durable }, 'the durable is back');
        else this.#connection.log.error({ durable, code: lost.code }, lost.message);
      },
    });
    this.#loops.push(loop);
    return loop;
  }

  #respond(binding: QueryBinding): EndpointCounters {
    const counters = new EndpointCounters(binding.contract, this.#service);
    const responder = new Responder(binding, counters, this.#responderPorts());
    this.#responders.push(responder);
    responder.start();
    return counters;
  }

  #pipelinePorts(backOffMs: readonly number[]): Omit<PipelinePorts, 'terms'> {
    const connection = this.#connection;
    const service = this.#service;
    const [home] = domainsOf(service);
    return {
      decode,
      bury: async (binding, message, envelope, failure) => {
        const domain = binding.contract.kind === 'cmd' ? binding.contract.domain : (home ?? binding.contract.domain);
        await storeOutgoing(connection, deadLetter(domain, binding, message, envelope, failure));
      },
      conclude: async (command, message, envelope, end) => {
        const by = { service, now: new Date(), traceId: traceIdOf(message.headers) };
        for (const out of endOfCommand(command, message, envelope, end, by)) await storeOutgoing(connection, out);
      },
      traced: (binding, message, delivery, run) => {
        const extra = { [MESSAGING.consumerGroup]: binding.durable, [MESSAGING.deliveryCount]: message.deliveryCount };
        return processing(binding.contract, message.headers, delivery.id, extra, run);
      },
      report: (binding, message, ending, failure, seconds) => {
        this.#count(binding, message, ending, seconds);
        if (failure === undefined) return;
        const { subject, sequence, deliveryCount: deliveries } = message;
        const fields = { handler: binding.durable, code: failure.code, ending, subject, sequence, deliveries };
        // A failure that will be tried again is not the end of anything.
        const level = ending === 'retried' || ending === 'released' ? 'debug' : 'warn';
        connection.log[level](fields, failure.message);
      },
      backOffMs,
      shutdown: this.#shutdown.signal,
    };
  }

  #responderPorts(): ResponderPorts {
    return {
      nc: this.#connection.nc,
      queue: this.#service,
      decode: bodyOf,
      traced: (binding, request, run) => {
        const headers = readableHeaders(request);
        const extra = { [MESSAGING.consumerGroup]: this.#service };
        return processing(binding.contract, headers, headers?.get(H.id) ?? '', extra, run);
      },
      report: (binding, failure, seconds) => {
        this.#connection.metrics.processSeconds.observe(binding.contract.type, seconds);
        if (failure !== undefined)
          this.#connection.log.warn({ handler: binding.contract.type, code: failure.code }, failure.message);
      },
      shutdown: this.#shutdown.signal,
    };
  }

  #count({ durable, contract }: StreamBinding, message: StoredMessage, ending: Ending, seconds: number): void {
    const metrics = this.#connection.metrics;
    metrics.processSeconds.observe(durable, seconds);
    metrics.pending.set(durable, message.pending);
    if (message.deliveryCount > 1) metrics.redelivered.add(durable);
    if (ending === 'dead-lettered') metrics.deadLettered.add(durable);
    if (ending === 'dropped') metrics.droppedInvalid.add(contract.type);
  }

  #bindingOf(durable: string): StreamBinding | undefined {
    return this.#streams.find((binding) => binding.durable === durable);
  }

  #identity(): Parameters<typeof answerDiscovery>[1] {
    return {
      name: this.#service,
      // One subject token.
      id: this.#connection.instance.replaceAll(/[^A-Za-z0-9_-]/g, '-'),
      version: this.#connection.version,
      startedAt: this.startedAt,
      description: `Seatrial ${this.#service}: ${domainsOf(this.#service).join(', ')}`,
    };
  }
}
