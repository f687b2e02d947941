import type { CommandContract, EventContract, MetricContract, SomeContract } from '@seatrial/contracts';

import { encode, type Encoded } from '../codec/encode.ts';
import type { Connection } from '../connection/connection.ts';
import type { Delivery } from '../handling/delivery.ts';
import { nextDerivedId, uuidv7 } from '../ids.ts';
import { sending, type TraceHeaders } from '../trace/spans.ts';
import { store } from './store.ts';

/** How one message is published. */
export interface PublishOptions {
  /** `ce-id` and `Nats-Msg-Id`. @default derived from `cause` (`<cause id>/<name>/<n>`, n counts per delivery and name), else a UUIDv7 */ readonly id?: string;
  /** The delivery that is being handled: derives the id and sets `seatrial-cause`. */ readonly cause?: Delivery;
  /** Id of the object concerned (`ce-subject`). */ readonly subject?: string;
  /** Time until it is given up, ms. @default 60_000 */ readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

/** A message that is in its stream. */
export interface Ack {
  readonly id: string;
  /** Sequence in the stream. */
  readonly sequence: number;
  /** The same id was stored before, within the last two minutes; this one was not stored again. */
  readonly duplicate: boolean;
}

/** Rides out a restart of the broker; after that the caller has to decide. */
const DEADLINE_MS = 60_000;

/** Checks, encodes and stores one command, event or metric. @throws see `store` and `encode` */
export function publish<D>(
  connection: Connection,
  contract: CommandContract<D> | EventContract<D> | MetricContract<D>,
  data: D,
  options: PublishOptions = {},
): Promise<Ack> {
  const known = contract as unknown as SomeContract;
  const id = idOf(known, options);
  return sending(known, id, async (trace) => {
    const { subject, payload, headers } = encodeFrom(connection, known, data, id, options, trace);
    const { sequence, duplicate } = await store(connection, {
      subject,
      payload,
      headers,
      what: known.type,
      deadlineMs: options.deadlineMs ?? DEADLINE_MS,
      signal: options.signal,
    });
    connection.metrics.published.add(known.type);
    return { id, sequence, duplicate };
  });
}

/** The id that a message gets. */
export function idOf(contract: SomeContract, options: PublishOptions): string {
  return options.id ?? (options.cause === undefined ? uuidv7() : nextDerivedId(options.cause, contract.name));
}

/** Encodes as this user: people name themselves and their role on what they send. */
function encodeFrom(
  { identity }: Connection,
  contract: SomeContract,
  data: unknown,
  id: string,
  options: PublishOptions,
  trace: TraceHeaders,
): Encoded {
  return encode(contract, data, {
    id,
    source: identity.source,
    cause: options.cause?.id,
    subjectId: options.subject,
    actor: contract.kind === 'cmd' ? identity.person : undefined,
    role: contract.kind === 'cmd' ? identity.role : undefined,
    trace,
  });
}
