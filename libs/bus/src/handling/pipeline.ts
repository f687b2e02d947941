import { SeatrialError, type Outcome, type SomeCommand } from '@seatrial/contracts';

import type { Decoded } from '../codec/decode.ts';
import type { StreamBinding } from './binding.ts';
import { MAX_DELIVERIES } from './consumer-options.ts';
import type { Delivery, OutcomeReason } from './delivery.ts';
import { failureOf, isFinal, plainFailure, type Failure } from './failure.ts';
import { HandledMessage } from './handled-message.ts';
import { envelopeOf, type Envelope } from './inbound.ts';
import { Rejected } from './refusal.ts';
import type { StoredMessage } from './stored-message.ts';
import type { Term, Terms } from './term.ts';

/** How one delivery ended. `unsettled`: the settlement itself failed, so the server delivers again. */
export type Ending = 'acked' | 'retried' | 'released' | 'dead-lettered' | 'dropped' | 'unsettled';

/** End of a command as its sender will read it. */
export interface CommandEnd extends Omit<OutcomeReason, 'code'> {
  readonly outcome: Outcome;
  readonly code?: string;
}

/** What the pipeline of one handler needs from the rest of the bus. */
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
    run: () => Promise<unknown>,
  ) => Promise<unknown>;
  /** Counts and logs one ending. Never throws. */
  readonly report: (
    binding: StreamBinding,
    message: StoredMessage,
    ending: Ending,
    failure: Failure | undefined,
    seconds: number,
  ) => void;
  readonly backOffMs: readonly number[];
  /** Times of the calls of this handler. */
  readonly terms: Terms;
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
  const settlement = new Settlement(binding, message, ports);
  let ending: Ending;
  try {
    ending = await settlement.run();
  } catch (error) {
    // Dead letter, settled event or audit record could not be stored: nothing final was said.
    settlement.failure = failureOf(error);
    ending = 'unsettled';
    answer(() => message.nak(pauseBefore(message.deliveryCount, ports.backOffMs)));
  }
  ports.report(binding, message, ending, settlement.failure, (performance.now() - started) / 1000);
  return ending;
}

class Settlement {
  /** What went wrong, if anything did. */
  failure: Failure | undefined;
  readonly #binding: StreamBinding;
  readonly #message: StoredMessage;
  readonly #ports: PipelinePorts;

  constructor(binding: StreamBinding, message: StoredMessage, ports: PipelinePorts) {
    this.#binding = binding;
    this.#message = message;
    this.#ports = ports;
  }

  async run(): Promise<Ending> {
    const binding = this.#binding;
    const message = this.#message;
    const ports = this.#ports;
    // Before the handler: a message that kills the process never comes back from it to be counted.
    if (message.deliveryCount > MAX_DELIVERIES) return this.#giveUp(diedBefore(binding.durable));
    const decoded = ports.decode(binding.contract, message);
    if (!decoded.ok) return this.#undecodable(plainFailure(decoded.code, decoded.message));
    const term = ports.terms.open();
    const handled = new HandledMessage(message, decoded.meta, term);
    try {
      await ports.traced(binding, message, handled, () => this.#call(decoded.data, handled, term));
    } catch (error) {
      return await this.#failed(error);
    } finally {
      term.close();
    }
    if (binding.contract.kind === 'cmd') await this.#conclude(handled.chosen ?? { outcome: 'accepted' });
    message.ack();
    return 'acked';
  }

  #call(data: unknown, handled: HandledMessage, term: Term): Promise<unknown> {
    const once = (): Promise<unknown> => term.hold(this.#binding.handle(data, handled));
    return this.#binding.contract.kind === 'met' ? this.#inPlace(once, term) : once();
  }

  /**
   * A metric whose handler says that a later try may succeed (a full disk) stays in this process, unacknowledged and without using up deliveries:
   * its neighbours wait too, so the stream keeps the rest. Commands and events go back to the server instead.
   */
  async #inPlace(once: () => Promise<unknown>, term: Term): Promise<void> {
    for (let attempt = 1; ; attempt++) {
      try {
        await once();
        return;
      } catch (error) {
        if (!(error instanceof SeatrialError && error.retryable) || term.aborted) throw error;
      }
      await term.pause(pauseBefore(attempt, this.#ports.backOffMs));
    }
  }

  async #failed(error: unknown): Promise<Ending> {
    const failure = (this.failure = failureOf(error));
    const message = this.#message;
    if (error instanceof Rejected && this.#binding.contract.kind === 'cmd') {
      await this.#conclude(refusal(failure));
      message.ack();
      return 'acked';
    }
    if (this.#ports.shutdown.aborted) {
      message.nak();
      return 'released';
    }
    if (isFinal(error) || error instanceof Rejected || message.deliveryCount >= MAX_DELIVERIES)
      return this.#giveUp(failure);
    message.nak(pauseBefore(message.deliveryCount, this.#ports.backOffMs));
    return 'retried';
  }

  async #undecodable(failure: Failure): Promise<Ending> {
    if (this.#binding.contract.kind !== 'met') return this.#giveUp(failure);
    this.failure = failure;
    this.#message.ack();
    return 'dropped';
  }

  async #giveUp(failure: Failure): Promise<Ending> {
    this.failure = failure;
    await this.#ports.bury(this.#binding, this.#message, envelopeOf(this.#message), failure);
    await this.#conclude({ ...refusal(failure), outcome: 'dead-lettered' });
    this.#message.term(`${failure.code} ${failure.message}`);
    return 'dead-lettered';
  }

  async #conclude(end: CommandEnd): Promise<void> {
    const contract = this.#binding.contract;
    if (contract.kind === 'cmd') await this.#ports.conclude(contract, this.#message, envelopeOf(this.#message), end);
  }
}

/** Pause before the delivery after number `deliveries`, ms. */
function pauseBefore(deliveries: number, backOffMs: readonly number[]): number {
  return backOffMs[Math.min(deliveries, backOffMs.length) - 1] ?? 0;
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
