import { DOMAINS, ROOT, STANDARD, STREAMS, type SomeCommand, type SomeQuery } from '@seatrial/contracts';
import type { Subscription } from '@nats-io/nats-core';

import type { Connection } from '../connection/connection.ts';
import { atMost, UNSUBSCRIBE_MS } from './at-most.ts';
import { durableName, type QueryBinding, type StreamBinding } from './binding.ts';
import { BACK_OFF_MS, compileConsumerOptions } from './consumer-options.ts';
import { deadLetter } from './dead-letter.ts';
import type { Delivery } from './delivery.ts';
import { EndpointCounters } from './endpoint-counters.ts';
import type { Failure } from './failure.ts';
import type { HandlingBus } from './handling-bus.ts';
import { domainsOf, endOfCommand } from './ledger.ts';
import { settle, type Ending, type PipelinePorts } from './pipeline.ts';
import { PullLoop } from './pull-loop.ts';
import { replay } from './replay.ts';
import { Responder, type ResponderPorts } from './responder.ts';
import { answerDiscovery } from './service-info.ts';
import type { StoredMessage } from './stored-message.ts';

/** How a service handles its messages. */
export interface HandlerServerOptions {
  /** Time that work in flight has to end at shutdown, ms. @default 10_000 */ readonly drainMs?: number;
  /** Pauses before the 2nd, 3rd, ... delivery, ms. @default 1 s, 5 s, 30 s, 2 min */ readonly backOffMs?: readonly number[];
}

/** Time given to the publishes of a settlement while the connection is lost, ms: less than the ack wait, so that no second delivery runs beside it. */
const STORE_MS = 25_000;

/**
 * Runs the handlers of one service: binds their durables, subscribes their queries, answers `$SRV` discovery, pings and replays of dead letters.
 */
export class HandlerServer {
  readonly #bus: HandlingBus;
  readonly #connection: Connection;
  readonly #drainMs: number;
  readonly #shutdown = new AbortController();
  readonly #startedAt = new Date();
  readonly #streams: StreamBinding[];
  readonly #queries: QueryBinding[];
  readonly #loops: PullLoop[] = [];
  readonly #responders: Responder[] = [];
  readonly #ports: PipelinePorts;
  #discovery: Subscription[] = [];
  /** Takes this server out of the connection's lists. */
  readonly #leave: (() => void)[] = [];
  #taking = false;
  #stopping: Promise<void> | undefined;

  constructor(
    bus: HandlingBus,
    streams: readonly StreamBinding[],
    queries: readonly QueryBinding[],
    options: HandlerServerOptions = {},
  ) {
    this.#bus = bus;
    this.#connection = bus.connection;
    this.#drainMs = options.drainMs ?? 10_000;
    this.#streams = [...streams, ...domainsOf(bus.service).map((domain) => this.#replayOf(domain))];
    this.#queries = [...queries, ...domainsOf(bus.service).map((domain) => this.#pingOf(domain))];
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
    const loop = new PullLoop({
      nc: this.#connection.nc,
      requests: this.#connection.requests,
      inboxPrefix: this.#connection.identity.inboxPrefix,
      stream,
      durable,
      concurrency: options.concurrency,
      heartbeatMs: options.heartbeatMs,
      run: async (message) => {
        await settle(binding, message, this.#ports);
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
    const counters = new EndpointCounters(binding.contract, this.#bus.service);
    const responder = new Responder(binding, counters, this.#responderPorts());
    this.#responders.push(responder);
    responder.start();
    return counters;
  }

  #pipelinePorts(backOffMs: readonly number[]): PipelinePorts {
    const bus = this.#bus;
    const [home] = domainsOf(bus.service);
    const within = (): AbortSignal => AbortSignal.timeout(STORE_MS);
    return {
      decode: (contract, message) => bus.decode(contract, message.data),
      bury: async (binding, message, envelope, failure) => {
        const domain = binding.contract.kind === 'cmd' ? binding.contract.domain : (home ?? binding.contract.domain);
        await bus.store(deadLetter(domain, binding, message, envelope, failure), within());
      },
      conclude: async (command, message, envelope, end) => {
        const by = { service: bus.service, now: new Date(), traceId: bus.traceId(message.headers) };
        for (const out of endOfCommand(command, message, envelope, end, by)) await bus.store(out, within());
      },
      traced: (binding, message, delivery, run) => bus.traced(binding.contract, message.headers, delivery, run),
      report: (binding, message, ending, failure, seconds) => {
        this.#count(binding, message, ending, seconds);
        if (failure !== undefined)
          this.#logFailure(binding.durable, failure, {
            ending,
            subject: message.subject,
            sequence: message.sequence,
            deliveries: message.deliveryCount,
          });
      },
      backOffMs,
      shutdown: this.#shutdown.signal,
    };
  }

  #responderPorts(): ResponderPorts {
    const bus = this.#bus;
    return {
      connection: bus.connection.nc,
      queue: bus.service,
      decode: (contract, data) => bus.decode(contract, data),
      traced: (binding, request, run) => bus.traced(binding.contract, request.headers, request, run),
      report: (binding, failure, seconds) => {
        bus.connection.metrics.processSeconds.observe(binding.contract.type, seconds);
        if (failure !== undefined) this.#logFailure(binding.contract.type, failure, {});
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

  #logFailure(handler: string, failure: Failure, fields: object): void {
    this.#connection.log.warn({ handler, code: failure.code, ...fields }, failure.message);
  }

  #replayOf(domain: (typeof DOMAINS)[number]): StreamBinding {
    const contract = STANDARD[domain].replay as unknown as SomeCommand;
    const bus = this.#bus;
    return {
      contract,
      stream: STREAMS.cmd,
      durable: durableName(bus.service, `${domain}-${contract.name}`),
      options: compileConsumerOptions({ concurrency: 1 }),
      handle: (data, delivery: Delivery) =>
        replay(domain, (data as { readonly sequence: number }).sequence, delivery, {
          read: (of, sequence) => bus.deadLetter(`${ROOT}.dlq.v1.${of}.>`, sequence),
          bindingOf: (durable) => this.#streams.find((binding) => binding.durable === durable),
          decode: (of, body) => bus.decode(of, body),
        }),
    };
  }

  #pingOf(domain: (typeof DOMAINS)[number]): QueryBinding {
    return {
      contract: STANDARD[domain].ping as unknown as SomeQuery,
      handle: () =>
        Promise.resolve({
          service: this.#bus.service,
          version: this.#connection.version,
          instance: this.#connection.instance,
          startedAt: this.#startedAt.toISOString(),
          ready: this.ready,
        }),
    };
  }

  #identity(): Parameters<typeof answerDiscovery>[1] {
    return {
      name: this.#bus.service,
      // One subject token.
      id: this.#connection.instance.replaceAll(/[^A-Za-z0-9_-]/g, '-'),
      version: this.#connection.version,
      startedAt: this.#startedAt,
      description: `Seatrial ${this.#bus.service}: ${domainsOf(this.#bus.service).join(', ')}`,
    };
  }
}
