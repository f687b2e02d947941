import { SeatrialError, type Outcome, type SomeCommand } from '@seatrial/contracts';

import type { Decoded } from '../codec/decode.ts';
import type { StreamBinding } from './binding.ts';
import { MAX_DELIVERIES } from './consumer-options.ts';
import type { ChosenOutcome, Delivery, OutcomeReason } from './delivery.ts';
import { failureOf, isFinal, plainFailure, type Failure } from './failure.ts';
import { envelopeOf, type Envelope } from './inbound.ts';
import { Rejected } from './refusal.ts';
import type { StoredMessage } from './stored-message.ts';
import { Term } from './term.ts';

/** How one delivery ended. `unsettled`: the settlement itself failed, so the server delivers again. */
export type Ending = 'acked' | 'retried' | 'released' | 'dead-lettered' | 'dropped' | 'unsettled';

/** End of a command as its sender will read it. */
export interface CommandEnd extends Omit<OutcomeReason, 'code'> {
  readonly outcome: Outcome;
  readonly code?: string;
}

/** What the pipeline needs from the rest of the bus. */
export interface PipelinePorts {
  /** Payload in the consumer's form, or why there is none. Never throws. */
  readonly decode: (contract: StreamBinding['contract'], message: StoredMessage) => Decoded<unknown>;
  /** Stores the dead letter. */
  readonly bury: (
    binding: StreamBinding,
    message: StoredMessage,
    envelope: Envelope,
    failure: Failure,
  ) => Promise<void>;
  /** Stores `command-settled`, then the audit record. */
  readonly conclude: (
    command: SomeCommand,
    message: StoredMessage,
    envelope: Envelope,
    end: CommandEnd,
  ) => Promise<void>;
  /** Runs the handler inside its span. */
  readonly traced: (
    binding: StreamBinding,
    message: StoredMessage,
    delivery: Delivery,
    run: () => Promise<void>,
  ) => Promise<void>;
  /** Counts and logs one ending. Never throws. */
  readonly report: (
    binding: StreamBinding,
    message: StoredMessage,
    ending: Ending,
    failure: Failure | undefined,
    seconds: number,
  ) => void;
  readonly backOffMs: readonly number[];
  /** Aborts when the drain time of a shutdown is up. */
  readonly shutdown: AbortSignal;
}

/**
 * Settles one delivery. Every way through ends in ack, nak, term or dead letter, and in this order: effect (the handler), `command-settled`, audit
 * record, ack; or dead letter, `command-settled`, audit record, term. What is published before the answer carries an id that follows from the
 * message, so a process that dies in between repeats it without a second effect. Never rejects.
 */
export async function settle(binding: StreamBinding, message: StoredMessage, ports: PipelinePorts): Promise<Ending> {
  const started = performance.now();
  let failure: Failure | undefined;
  let ending: Ending;
  try {
    [ending, failure] = await new Settlement(binding, message, ports).run();
  } catch (error) {
    // Dead letter, settled event or audit record could not be stored: nothing final was said.
    failure = failureOf(error);
    ending = 'unsettled';
    answer(() => message.nak(pauseBefore(message.deliveryCount, ports.backOffMs)));
  }
  ports.report(binding, message, ending, failure, (performance.now() - started) / 1000);
  return ending;
}

type Result = readonly [Ending, Failure | undefined];

class Settlement {
  readonly #binding: StreamBinding;
  readonly #message: StoredMessage;
  readonly #ports: PipelinePorts;
  readonly #envelope: Envelope;

  constructor(binding: StreamBinding, message: StoredMessage, ports: PipelinePorts) {
    this.#binding = binding;
    this.#message = message;
    this.#ports = ports;
    this.#envelope = envelopeOf(message);
  }

  async run(): Promise<Result> {
    const message = this.#message;
    // Before the handler: a message that kills the process never comes back from it to be counted.
    if (message.deliveryCount > MAX_DELIVERIES) return this.#giveUp(diedBefore(this.#binding.durable));
    const decoded = this.#ports.decode(this.#binding.contract, message);
    if (!decoded.ok) return this.#undecodable(plainFailure(decoded.code, decoded.message));
    const chosen: CommandEnd[] = [];
    try {
      await this.#handle(decoded.data, chosen);
    } catch (error) {
      return this.#failed(error);
    }
    return this.#done(chosen.at(-1) ?? { outcome: 'accepted' });
  }

  async #handle(data: unknown, chosen: CommandEnd[]): Promise<void> {
    const { binding, message, ports } = { binding: this.#binding, message: this.#message, ports: this.#ports };
    using term = new Term(binding.durable, binding.options.maxHandlerMs, ports.shutdown);
    const delivery: Delivery = {
      id: this.#envelope.id,
      subject: message.subject,
      time: message.time,
      deliveryCount: message.deliveryCount,
      sequence: message.sequence,
      ...(this.#envelope.actor === undefined ? {} : { actor: this.#envelope.actor }),
      ...(this.#envelope.role === undefined ? {} : { role: this.#envelope.role }),
      signal: term.signal,
      settle: (outcome, why) => chosen.push(endOf(outcome, why)),
    };
    await ports.traced(binding, message, delivery, async () => {
      for (let attempt = 0; ; attempt++) {
        try {
          await term.hold(binding.handle(data, delivery));
          return;
        } catch (error) {
          if (!this.#waitsInPlace(error) || term.signal.aborted) throw error;
        }
        await term.pause(pauseBefore(attempt + 1, ports.backOffMs));
      }
    });
  }

  /**
   * A metric whose handler says that a later try may succeed (a full disk) stays in this process, unacknowledged and without using up deliveries:
   * its neighbours wait too, so the stream keeps the rest. Commands and events go back to the server instead.
   */
  #waitsInPlace(error: unknown): boolean {
    return this.#binding.contract.kind === 'met' && error instanceof SeatrialError && error.retryable;
  }

  async #done(end: CommandEnd): Promise<Result> {
    await this.#conclude(end);
    this.#message.ack();
    return ['acked', undefined];
  }

  async #failed(error: unknown): Promise<Result> {
    const failure = failureOf(error);
    if (error instanceof Rejected && this.#binding.contract.kind === 'cmd') {
      await this.#conclude(refusal(failure));
      this.#message.ack();
      return ['acked', failure];
    }
    if (this.#ports.shutdown.aborted) {
      this.#message.nak();
      return ['released', failure];
    }
    if (isFinal(error) || error instanceof Rejected || this.#message.deliveryCount >= MAX_DELIVERIES)
      return this.#giveUp(failure);
    this.#message.nak(pauseBefore(this.#message.deliveryCount, this.#ports.backOffMs));
    return ['retried', failure];
  }

  async #undecodable(failure: Failure): Promise<Result> {
    if (this.#binding.contract.kind !== 'met') return this.#giveUp(failure);
    this.#message.ack();
    return ['dropped', failure];
  }

  async #giveUp(failure: Failure): Promise<Result> {
    await this.#ports.bury(this.#binding, this.#message, this.#envelope, failure);
    await this.#conclude({ ...refusal(failure), outcome: 'dead-lettered' });
    this.#message.term(`${failure.code} ${failure.message}`);
    return ['dead-lettered', failure];
  }

  async #conclude(end: CommandEnd): Promise<void> {
    const contract = this.#binding.contract;
    if (contract.kind === 'cmd') await this.#ports.conclude(contract, this.#message, this.#envelope, end);
  }
}

/** Pause before the delivery after number `deliveries`, ms. */
function pauseBefore(deliveries: number, backOffMs: readonly number[]): number {
  return backOffMs[Math.min(deliveries, backOffMs.length) - 1] ?? 0;
}

function endOf(outcome: ChosenOutcome, why: OutcomeReason = {}): CommandEnd {
  return { outcome, ...why };
}

function refusal(failure: Failure): CommandEnd {
  return {
    outcome: 'rejected',
    code: failure.code,
    message: failure.message,
    ...(failure.hint === undefined ? {} : { hint: failure.hint }),
  };
}

function diedBefore(durable: string): Failure {
  const why = `${durable} did not end in any of ${MAX_DELIVERIES} deliveries; its process ended or lost its time each time`;
  return plainFailure('E-BUS-HANDLER', why);
}

/** A closed connection refuses answers; the server delivers again on its own after the ack wait. */
function answer(send: () => void): void {
  try {
    send();
  } catch {
    // Said above.
  }
}
