import { createHash } from 'node:crypto';

import { H } from '@seatrial/contracts';

import { MAX_ID } from '../ids.ts';
import type { StoredMessage } from './stored-message.ts';

/** Headers the bus relies on, of one stored message. A message that cannot be decoded has them too. */
export interface Envelope {
  /** `ce-id`; `<stream>-<sequence>` for a message without a usable one, the same at each delivery. */
  readonly id: string;
  readonly actor: string | undefined;
  readonly role: string | undefined;
  /** `ce-source`: `/services/<name>` or `/people/<user>`. */
  readonly source: string | undefined;
}

/** Reads the envelope. Never throws. */
export function envelopeOf(message: StoredMessage): Envelope {
  const text = (name: string): string | undefined => message.headers?.get(name) || undefined;
  const id = text(H.id);
  return {
    id: id === undefined || id.length > MAX_ID ? `${message.stream.toLowerCase()}-${message.sequence}` : id,
    actor: text(H.actor),
    role: text(H.role),
    source: text(H.source),
  };
}

/** Id of what the bus itself publishes about a message: `<ce-id>/<what>`; a hash stands for an id that leaves no room. */
export function idAbout(id: string, what: string): string {
  const own = `${id}/${what}`;
  return own.length <= MAX_ID ? own : `${createHash('sha256').update(id).digest('hex')}/${what}`;
}
