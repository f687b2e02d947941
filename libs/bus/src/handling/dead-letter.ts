import { deadLetterSubject, H, type Domain } from '@seatrial/contracts';
import { headers } from '@nats-io/nats-core';

import type { StreamBinding } from './binding.ts';
import type { Failure } from './failure.ts';
import { idAbout, type Envelope } from './inbound.ts';
import type { Outgoing } from './outgoing.ts';
import type { StoredMessage } from './stored-message.ts';

/**
 * The dead letter of one message and handler: body and headers of the original, then who failed how. Its own `ce-*` headers stay those of the
 * original, so `ce-id` names the message that failed; the server's id is `<ce-id>/dlq/<handler>`.
 */
export function deadLetter(
  domain: Domain,
  binding: StreamBinding,
  message: StoredMessage,
  envelope: Envelope,
  failure: Failure,
): Outgoing {
  const out = headers();
  const original = message.headers;
  if (original !== undefined)
    for (const name of original.keys())
      // Nats-* steer the server (expected sequences, expiry, the id): those of the original are not for this publish.
      if (!/^nats-/i.test(name)) out.set(name, original.get(name));
  if (!out.has(H.id)) out.set(H.id, envelope.id);
  // Where a forged message was stored before is the evidence of the forgery.
  const origin = original?.get('Nats-Subject');
  out.set(H.deadError, oneLine(origin ? `${failure.message} (from ${origin})` : failure.message));
  out.set(H.deadCode, failure.code);
  out.set(H.deadHandler, binding.durable);
  out.set(H.deadDeliveries, String(message.deliveryCount));
  out.set(H.deadSubject, message.subject);
  out.set(H.deadSequence, String(message.sequence));
  return {
    subject: deadLetterSubject(domain, binding.contract as Parameters<typeof deadLetterSubject>[1]),
    headers: out,
    body: message.data,
    id: idAbout(envelope.id, `dlq/${binding.durable}`),
  };
}

/** Header values are one line of printable text. */
export function oneLine(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 400);
}
