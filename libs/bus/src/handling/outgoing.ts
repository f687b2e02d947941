import { H } from '@seatrial/contracts';
import type { MsgHdrs } from '@nats-io/nats-core';

import type { Connection } from '../connection/connection.ts';
import { store, WrongSequence } from '../publish/store.ts';

/** What the bus itself publishes about a message it handled: dead letter, `command-settled`, audit record. */
export interface Outgoing {
  readonly subject: string;
  readonly headers: MsgHdrs;
  readonly body: Uint8Array | string;
  /** Message id: the server drops a second one within its duplicate window. */
  readonly id: string;
  /** Refuse it when its subject already holds a message, however old. */
  readonly first?: boolean;
}

/** Time to store one while the connection is lost, ms: less than the ack wait, so that no second delivery runs beside it. */
const STORE_MS = 25_000;

/** Stores it, over a lost connection too. What is stored already stays as it is. */
export async function storeOutgoing(
  connection: Connection,
  { subject, headers, body, id, first }: Outgoing,
): Promise<void> {
  headers.set(H.msgId, id);
  if (first === true) headers.set('Nats-Expected-Last-Subject-Sequence', '0');
  try {
    await store(connection, {
      subject,
      headers,
      payload: body,
      what: subject.split('.')[1] ?? subject,
      deadlineMs: STORE_MS,
    });
  } catch (error) {
    if (!(first === true && error instanceof WrongSequence)) throw error;
  }
}
