import type { ServiceName, SomeContract } from '@seatrial/contracts';
import type { Msg, MsgHdrs } from '@nats-io/nats-core';

import type { Connection } from '../connection/connection.ts';
import type { Outgoing } from './dead-letter.ts';
import type { Delivery } from './delivery.ts';
import type { KeptDeadLetter } from './replay.ts';

/** What the handling half needs from the rest of the bus. */
export interface HandlingBus {
  readonly connection: Connection;
  readonly service: ServiceName;
  /** Payload in the consumer's form. Throws `E-CONTRACT-PAYLOAD`. */
  decode(contract: SomeContract, data: Uint8Array): unknown;
  /** Publishes to a stream and waits until it is stored; goes on over a lost connection until `signal`. */
  store(message: Outgoing, signal: AbortSignal): Promise<void>;
  /** The stored message of the dead-letter stream with this number under `filter`, or undefined. */
  deadLetter(filter: string, sequence: number): Promise<KeptDeadLetter | undefined>;
  /** Runs a handler in its span: of a command as child of the sender, of events and metrics as a new root with a link. */
  traced<T>(
    contract: SomeContract,
    headers: MsgHdrs | undefined,
    delivery: Delivery | Msg,
    run: () => Promise<T>,
  ): Promise<T>;
  /** Trace id of a message, for the audit record. */
  traceId(headers: MsgHdrs | undefined): string | undefined;
}
