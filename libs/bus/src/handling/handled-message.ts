import type { Meta } from '../codec/decode.ts';
import type { ChosenOutcome, Delivery, OutcomeReason } from './delivery.ts';
import type { StoredMessage } from './stored-message.ts';
import type { Term } from './term.ts';

/** What a handler sees of the message it handles. Looks things up when they are asked for: most handlers ask for little. */
export class HandledMessage implements Delivery {
  readonly id: string;
  readonly actor?: string;
  readonly role?: string;
  /** What the handler chose last, if anything. */
  chosen: (OutcomeReason & { readonly outcome: ChosenOutcome }) | undefined;
  readonly #message: StoredMessage;
  readonly #term: Term;

  constructor(message: StoredMessage, meta: Meta, term: Term) {
    this.id = meta.id;
    if (meta.actor !== undefined) this.actor = meta.actor;
    if (meta.role !== undefined) this.role = meta.role;
    this.#message = message;
    this.#term = term;
  }

  get subject(): string {
    return this.#message.subject;
  }
  get time(): Date {
    return this.#message.time;
  }
  get deliveryCount(): number {
    return this.#message.deliveryCount;
  }
  get sequence(): number {
    return this.#message.sequence;
  }
  get signal(): AbortSignal {
    return this.#term.signal;
  }

  settle(outcome: ChosenOutcome, why: OutcomeReason = {}): void {
    this.chosen = { outcome, ...why };
  }
}
