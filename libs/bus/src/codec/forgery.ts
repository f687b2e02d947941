import { H } from '@seatrial/contracts';
import type { MsgHdrs } from '@nats-io/nats-core';

/** Headers that only a server writes, into a message that it reads out of a stream. */
const STORED_BEFORE: ReadonlySet<string> = new Set(['Nats-Stream', 'Nats-Subject', 'Nats-Sequence']);

/**
 * Why a command, event or metric cannot be what its sender published; undefined when it is genuine. Reply subjects are not permission-checked by the
 * server, so a reader of a stream can steer a stored message to any subject: the server's headers on it betray that. A message whose two ids differ was
 * not made by this library.
 */
export function forgeryOf(headers: MsgHdrs | undefined): string | undefined {
  if (headers === undefined) return undefined;
  let id = '';
  let messageId = '';
  for (const [name, values] of headers) {
    const [value = ''] = values;
    if (STORED_BEFORE.has(name)) return `it carries ${name}: ${value}`;
    if (name !== H.id && name !== H.msgId) continue;
    if (values.length > 1) return `it has ${values.length} headers ${name}`;
    if (name === H.id) id = value;
    else messageId = value;
  }
  return id === messageId ? undefined : `${H.id} is "${id}", ${H.msgId} is "${messageId}"`;
}
