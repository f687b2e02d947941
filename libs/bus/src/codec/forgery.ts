import { H } from '@seatrial/contracts';
import type { MsgHdrs } from '@nats-io/nats-core';

/** Headers that only a server writes, into a message that it reads out of a stream. */
const STORED_BEFORE = ['Nats-Stream', 'Nats-Subject', 'Nats-Sequence'] as const;

/**
 * Why a command, event or metric cannot be what its sender published; undefined when it is genuine. Reply subjects are not permission-checked by the
 * server, so a reader of a stream can steer a stored message to any subject: the server's headers on it betray that. A message whose two ids differ was
 * not made by this library.
 */
export function forgeryOf(headers: MsgHdrs | undefined): string | undefined {
  if (headers === undefined) return undefined;
  for (const [name, values] of headers) {
    if ((STORED_BEFORE as readonly string[]).includes(name)) return `it carries ${name}: ${values[0] ?? ''}`;
    if ((name === H.id || name === H.msgId) && values.length > 1) return `it has ${values.length} headers ${name}`;
  }
  const id = headers.get(H.id);
  const messageId = headers.get(H.msgId);
  return id === messageId ? undefined : `${H.id} is "${id}", ${H.msgId} is "${messageId}"`;
}
