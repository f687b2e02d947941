import type { Code, Outcome } from '@seatrial/contracts';

/** Ends that a command handler may choose besides returning (accepted) and throwing. */
export type ChosenOutcome = Extract<Outcome, 'duplicate' | 'superseded' | 'rejected'>;

/** Why a command ended as it did; reaches the sender in `command-settled`. */
export interface OutcomeReason {
  readonly code?: Code;
  readonly message?: string;
  readonly hint?: string;
}

/** One stored message (command, event or metric) on its way through a handler. */
export interface Delivery {
  /** `ce-id`; for a replayed dead letter the new id. The key under which a handler remembers what it has done. */
  readonly id: string;
  /** Concrete subject of the original message. */
  readonly subject: string;
  /** When the stream stored it. */
  readonly time: Date;
  /** 1 for the first delivery. */
  readonly deliveryCount: number;
  /** Sequence in the stream. */
  readonly sequence: number;
  /** User that sent the command, as the sender says: whoever holds the key of a role may name anybody. */
  readonly actor?: string;
  readonly role?: string;
  /** `ce-id` of the original message when a dead letter is replayed. */
  readonly replayedFrom?: string;
  /** Aborts when the time of the handler is up, or at shutdown when the drain time is. Then the message is delivered again. */
  readonly signal: AbortSignal;
  /**
   * Settles the command as `duplicate` (another command with the same idempotency key has taken effect), `superseded` or `rejected` instead of
   * accepted. A redelivery of this same command is not a duplicate: return normally. No effect for events and metrics.
   */
  settle(outcome: ChosenOutcome, why?: OutcomeReason): void;
}

/** One query on its way through a handler. */
export interface QueryDelivery {
  readonly id: string;
  readonly subject: string;
  /** When the requester stops waiting; nothing is answered after it. Absent when the request names none. */
  readonly deadline?: Date;
  /** Aborts at the deadline, or at shutdown when the drain time is up. */
  readonly signal: AbortSignal;
}
