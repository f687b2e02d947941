import { createHash } from 'node:crypto';

import { H, type SomeContract } from '@seatrial/contracts';

import { Forged } from '../errors.ts';
import { MAX_ID } from '../ids.ts';
import type { StoredMessage } from './stored-message.ts';

/** Headers the bus relies on, of one stored message. Never throws: a message that cannot be decoded has them too. */
export interface Envelope {
  /** `ce-id`; `<stream>-<sequence>` for a message without one (a plain `nats pub`), the same at each delivery. */
  readonly id: string;
  readonly actor: string | undefined;
  readonly role: string | undefined;
  /** `ce-source`: `/services/<name>` or `/people/<user>`. */
  readonly source: string | undefined;
}

/** Reads the envelope. */
export function envelopeOf(message: StoredMessage): Envelope {
  const id = header(message, H.id);
  return {
    id: id === undefined || id.length > MAX_ID ? `${message.stream.toLowerCase()}-${message.sequence}` : id,
    actor: header(message, H.actor),
    role: header(message, H.role),
    source: header(message, H.source),
  };
}

/**
 * Throws `Forged` for a message that a stream has stored before: the server does not check permissions on reply subjects, so a reader of a stream
 * could steer a stored message to a command's subject. `Nats-Stream` and `Nats-Subject` betray it; so do two ids that disagree.
 */
export function assertGenuine(contract: SomeContract, message: StoredMessage): void {
  const headers = message.headers;
  if (headers === undefined) return;
  for (const name of ['Nats-Stream', 'Nats-Subject', 'Nats-Sequence'])
    if (headers.has(name)) throw new Forged(contract.type, `it carries ${name}: ${headers.get(name)}`);
  const id = headers.get(H.id);
  const messageId = headers.get(H.msgId);
  if (id !== messageId) throw new Forged(contract.type, `${H.id} is "${id}", ${H.msgId} is "${messageId}"`);
  if (id.length > MAX_ID) throw new Forged(contract.type, `its id has ${id.length} characters, ${MAX_ID} are allowed`);
}

function header(message: StoredMessage, name: string): string | undefined {
  return message.headers?.get(name) || undefined;
}

/** Id of what the bus itself publishes about a message: `<ce-id>/<what>`; a hash stands for an id that leaves no room. */
export function idAbout(id: string, what: string): string {
  const own = `${id}/${what}`;
  return own.length <= MAX_ID ? own : `${createHash('sha256').update(id).digest('hex')}/${what}`;
}
