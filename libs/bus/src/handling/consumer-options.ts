import { BusConfigError } from '../errors.ts';

/** What a handler may set. Units are in the names. */
export interface ConsumerOptions {
  /** Handlers of this durable that run at once in this process. @default 8 */ readonly concurrency?: number;
  /** Time to settle one message before the server delivers it again, ms; as provisioned. @default 30_000 */ readonly ackWaitMs?: number;
  /** Time after which a handler is given up and its message delivered again, ms. @default 900_000 */ readonly maxHandlerMs?: number;
  /** Only messages on these subjects reach the handler; the durable is provisioned with the same filter. */ readonly filter?: string;
}

/** What the rest of the code sees: no optional field, every relation checked. */
export interface CompiledConsumerOptions {
  readonly concurrency: number;
  readonly ackWaitMs: number;
  /** `working()` is sent this often for every message that is held, ms. */
  readonly heartbeatMs: number;
  readonly maxHandlerMs: number;
}

/** Deliveries before a message is given up. */
export const MAX_DELIVERIES = 5;
/** Pauses before the 2nd, 3rd, 4th and 5th delivery, ms. */
export const BACK_OFF_MS: readonly number[] = [1_000, 5_000, 30_000, 120_000];
/** Time the server waits for an ack, ms. */
const ACK_WAIT_MS = 30_000;
/** Longest time of one handler, ms. */
const MAX_HANDLER_MS = 15 * 60_000;
/** Handlers of one durable that run at once in one process. Provisioned `max_ack_pending` is twice this. */
const CONCURRENCY = 8;

/** Fills in defaults. Throws `BusConfigError` naming the field and its range. */
export function compileConsumerOptions(options: ConsumerOptions = {}): CompiledConsumerOptions {
  const ackWaitMs = whole('ackWaitMs', options.ackWaitMs ?? ACK_WAIT_MS, 300, 3_600_000);
  return {
    concurrency: whole('concurrency', options.concurrency ?? CONCURRENCY, 1, 1_000),
    ackWaitMs,
    // A third of the ack wait: two lost heartbeats do not cause a redelivery. 10 s at the default.
    heartbeatMs: Math.floor(ackWaitMs / 3),
    maxHandlerMs: whole('maxHandlerMs', options.maxHandlerMs ?? MAX_HANDLER_MS, ackWaitMs, 24 * 3_600_000),
  };
}

function whole(field: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most)
    throw new BusConfigError(field, `${value} is not a whole number between ${least} and ${most}`);
  return value;
}
