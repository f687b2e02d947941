import { H, SeatrialError, type ErrorReply, type SomeQuery } from '@seatrial/contracts';
import { headers, type Msg, type NatsConnection, type Subscription } from '@nats-io/nats-core';

import { encodeBody } from '../codec/encode.ts';
import { readableHeaders } from '../codec/readable-headers.ts';
import { replyValidatorsOf } from '../codec/validators.ts';
import { isInbox } from '../connection/identity.ts';
import { PayloadInvalid } from '../errors.ts';
import { atMost, UNSUBSCRIBE_MS } from './at-most.ts';
import type { QueryBinding } from './binding.ts';
import { oneLine } from './dead-letter.ts';
import type { QueryDelivery } from './delivery.ts';
import type { EndpointCounters } from './endpoint-counters.ts';
import { failureOf, plainFailure, type Failure } from './failure.ts';
import { statusNumber } from './status-number.ts';
import { Terms } from './term.ts';

/** What a responder needs from the rest of the bus. */
export interface ResponderPorts {
  readonly nc: NatsConnection;
  /** Queue group: the service's name, so that one of its instances answers. */
  readonly queue: string;
  /** Request in the consumer's form. Throws `E-CONTRACT-PAYLOAD`. */
  readonly decode: (contract: QueryBinding['contract'], data: Uint8Array) => unknown;
  /** Runs the handler inside its span. */
  readonly traced: <T>(binding: QueryBinding, request: Msg, run: () => Promise<T>) => Promise<T>;
  readonly report: (binding: QueryBinding, failure: Failure | undefined, seconds: number) => void;
  /** Aborts when the drain time of a shutdown is up. */
  readonly shutdown: AbortSignal;
}

/** Longest time of a request, and that of one that names no deadline, ms: the server lets a responder answer for 30 s. */
const DEFAULT_DEADLINE_MS = 30_000;

/** Answers one query. */
export class Responder {
  readonly #binding: QueryBinding;
  readonly #ports: ResponderPorts;
  readonly #counters: EndpointCounters;
  readonly #running = new Set<Promise<void>>();
  readonly #terms: Terms;
  #subscription: Subscription | undefined;

  constructor(binding: QueryBinding, counters: EndpointCounters, ports: ResponderPorts) {
    this.#terms = new Terms(binding.contract.type, DEFAULT_DEADLINE_MS, ports.shutdown);
    this.#binding = binding;
    this.#counters = counters;
    this.#ports = ports;
  }

  start(): void {
    this.#subscription = this.#ports.nc.subscribe(this.#binding.contract.subject, {
      queue: this.#ports.queue,
      callback: (error, request) => {
        if (error !== null) return;
        const work = this.#serve(request).finally(() => this.#running.delete(work));
        this.#running.add(work);
      },
    });
  }

  /** Takes no more requests. */
  async stop(): Promise<void> {
    if (this.#subscription === undefined || this.#subscription.isClosed()) return;
    await atMost(UNSUBSCRIBE_MS, this.#subscription.drain());
  }

  /** Resolves when every request taken is answered. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #serve(request: Msg): Promise<void> {
    const started = performance.now();
    const deadline = deadlineOf(request);
    const left = Math.min(DEFAULT_DEADLINE_MS, (deadline?.getTime() ?? Number.POSITIVE_INFINITY) - Date.now());
    const failure = isInbox(request.reply)
      ? await this.#respond(request, deadline, left)
      : plainFailure('E-BUS-FORGED', `its answer would go to ${oneLine(request.reply || 'nobody')}`);
    const seconds = (performance.now() - started) / 1000;
    this.#counters.count(seconds, failure?.message);
    this.#ports.report(this.#binding, failure, seconds);
  }

  /** Answers one request. Returns why it failed, if it did; never rejects. */
  async #respond(request: Msg, deadline: Date | undefined, left: number): Promise<Failure | undefined> {
    try {
      if (left <= 0) throw new AnswerLate(this.#binding.contract.type);
      const body = await this.#ports.traced(this.#binding, request, () => this.#answer(request, deadline, left));
      if (isPast(deadline)) throw new AnswerLate(this.#binding.contract.type);
      request.respond(body);
      return undefined;
    } catch (error) {
      const failure = failureOf(error);
      // After the deadline nobody listens.
      if (!isPast(deadline)) respondError(request, failure);
      return failure;
    }
  }

  async #answer(request: Msg, deadline: Date | undefined, left: number): Promise<Uint8Array> {
    const contract = this.#binding.contract;
    const data = this.#ports.decode(contract, request.data);
    const term = this.#terms.open(left);
    const delivery: QueryDelivery = {
      id: readableHeaders(request)?.get(H.id) ?? '',
      subject: request.subject,
      ...(deadline === undefined ? {} : { deadline }),
      get signal() {
        return term.signal;
      },
    };
    try {
      return encodeReply(contract, await term.hold(this.#binding.handle(data, delivery)));
    } finally {
      term.close();
    }
  }
}

/** Answers with an error: its text and number in the headers of the NATS service API, the rest in the body. */
function respondError(request: Msg, failure: Failure): void {
  const code = failure.code === 'E-BUS-HANDLER' ? 'E-INTERNAL' : failure.code;
  const body: ErrorReply = {
    code,
    message: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
    retryable: failure.retryable,
    details: failure.details,
  };
  const out = headers();
  out.set(H.errorText, oneLine(`${code} ${failure.message}`));
  out.set(H.errorCode, String(statusNumber(code)));
  try {
    request.respond(JSON.stringify(body), { headers: out });
  } catch {
    // The connection is closed; the requester sees its deadline.
  }
}

function isPast(deadline: Date | undefined): boolean {
  return deadline !== undefined && Date.now() > deadline.getTime();
}

function deadlineOf(request: Msg): Date | undefined {
  const text = readableHeaders(request)?.get(H.deadline);
  if (!text) return undefined;
  const time = new Date(text);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** The deadline of the requester passed. */
class AnswerLate extends SeatrialError {
  constructor(query: string) {
    super(`${query} was not answered before its deadline`, { code: 'E-DEADLINE', retryable: true });
  }
}

/** Throws `E-INTERNAL` for a reply that is not that of the contract: the requester did nothing wrong. */
function encodeReply(contract: SomeQuery, reply: unknown): Uint8Array {
  try {
    return encodeBody(`${contract.type} reply`, reply, replyValidatorsOf(contract).strict);
  } catch (error) {
    if (!(error instanceof PayloadInvalid)) throw error;
    throw new SeatrialError(error.message, {
      code: 'E-INTERNAL',
      cause: error,
      hint: 'This is a defect of the responder.',
    });
  }
}
