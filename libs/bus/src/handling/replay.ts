import { H, SeatrialError, type Domain } from '@seatrial/contracts';

import type { StreamBinding } from './binding.ts';
import type { Delivery } from './delivery.ts';
import { failureOf } from './failure.ts';
import { idAbout } from './inbound.ts';
import { Rejected } from './refusal.ts';

/** A dead letter as it is kept. */
export interface KeptDeadLetter {
  readonly sequence: number;
  readonly headers: ReadonlyMap<string, string>;
  readonly data: Uint8Array;
  readonly time: Date;
}

/** What a replay needs from the rest of the bus. */
export interface ReplayPorts {
  /** The dead letter with this number in this domain, or undefined. */
  readonly read: (domain: Domain, sequence: number) => Promise<KeptDeadLetter | undefined>;
  /** The handler behind a durable of this service, or undefined. */
  readonly bindingOf: (durable: string) => StreamBinding | undefined;
  /** Payload in the consumer's form. Throws `E-CONTRACT-PAYLOAD`. */
  readonly decode: (contract: StreamBinding['contract'], data: Uint8Array) => unknown;
}

/**
 * Gives a dead letter to the handler that failed, in its own service, so that no other subscriber of an event sees it twice and no person needs the
 * right to publish events (ADR 1). The handler sees the id `<id of the replay command>/replay`: new, and the same when the replay command itself is
 * delivered again. It runs once: a person waits, and may replay again. The settlement of the replay command carries the outcome; the original
 * command was settled when it was given up and is not settled a second time.
 */
export async function replay(domain: Domain, sequence: number, delivery: Delivery, ports: ReplayPorts): Promise<void> {
  const letter = await ports.read(domain, sequence);
  if (letter === undefined) throw new DeadLetterNotFound(domain, sequence);
  const durable = letter.headers.get(H.deadHandler) ?? '';
  const binding = ports.bindingOf(durable);
  if (binding === undefined)
    throw new Rejected(
      `dead letter ${sequence} belongs to the handler "${durable}", which this service does not have`,
      {
        code: 'E-NOT-FOUND',
        hint: 'The handler was removed or renamed since; send the message anew.',
      },
    );
  const code = letter.headers.get(H.deadCode);
  if (code === 'E-BUS-FORGED')
    throw new Rejected(`dead letter ${sequence} is forged: ${letter.headers.get(H.deadError) ?? ''}`, {
      code,
      hint: 'It is kept as evidence and cannot be replayed.',
    });
  const original = letter.headers.get(H.id);
  const actor = letter.headers.get(H.actor);
  const role = letter.headers.get(H.role);
  const replayed: Delivery = {
    id: idAbout(delivery.id, 'replay'),
    subject: letter.headers.get(H.deadSubject) ?? binding.contract.subject,
    time: letter.time,
    deliveryCount: delivery.deliveryCount,
    sequence: letter.sequence,
    // The command acts for who sent it; that an admin replayed it says the audit record of the replay.
    ...(actor === undefined ? {} : { actor }),
    ...(role === undefined ? {} : { role }),
    ...(original === undefined ? {} : { replayedFrom: original }),
    signal: delivery.signal,
    settle: (outcome, why) => delivery.settle(outcome, why),
  };
  try {
    await binding.handle(ports.decode(binding.contract, letter.data), replayed);
  } catch (error) {
    // A shutdown is not an answer: the replay command is delivered again.
    if (delivery.signal.aborted) throw error;
    throw failedAgain(sequence, error);
  }
}

function failedAgain(sequence: number, error: unknown): SeatrialError {
  const failure = failureOf(error);
  return new Rejected(`dead letter ${sequence} failed again: ${failure.message}`, {
    code: failure.code,
    cause: error,
    hint: failure.hint ?? 'It is still kept; mend the cause and replay it again.',
  });
}

/** No dead letter of this domain has this number. */
class DeadLetterNotFound extends Rejected {
  static readonly code = 'E-DLQ-NOT-FOUND';
  constructor(domain: Domain, sequence: number) {
    super(`no dead letter of domain ${domain} has number ${sequence}`, {
      code: DeadLetterNotFound.code,
      hint: '`seatrial dlq list` shows those that are kept.',
    });
  }
}
