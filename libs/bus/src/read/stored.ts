import { STREAMS, type EventContract, type MetricContract, type SomeContract } from '@seatrial/contracts';

import { decode, headerMap } from '../codec/decode.ts';
import { readableHeaders } from '../codec/readable-headers.ts';
import type { Connection } from '../connection/connection.ts';
import { ordered, type From } from './ordered.ts';
import type { InvalidReceived, RawReceived, Received } from './received.ts';

/** How stored messages are read. */
export interface ReadOptions {
  /** Concrete or wildcard subject under the contract's filter. @default all of the contract */ readonly filter?: string;
  /** @default 'all' */ readonly from?: Exclude<From, 'last-per-subject'>;
  /** True: goes on with what is published later. False: ends at the last message that is stored now. */ readonly follow: boolean;
  readonly signal?: AbortSignal;
  /** Hears of messages that cannot be decoded. They are counted in any case. */ readonly onInvalid?: (
    message: InvalidReceived,
  ) => void;
}

/** Stored events or metrics in order, decoded. @throws see `ordered` */
export async function* storedMessages<D>(
  connection: Connection,
  contract: EventContract<D> | MetricContract<D>,
  options: ReadOptions,
): AsyncGenerator<Received<D>, void, undefined> {
  const known = contract as unknown as SomeContract;
  for await (const item of items(connection, STREAMS[contract.kind], options.filter ?? contract.filter, options)) {
    const decoded = decode<D>(known, item.message);
    if (decoded.ok) {
      const { message, sequence, time } = item;
      const { id, headers } = decoded.meta;
      yield { data: decoded.data, id, subject: message.subject, sequence, time, headers };
      continue;
    }
    connection.metrics.droppedInvalid.add(contract.type);
    options.onInvalid?.({ ...rawOf(item), code: decoded.code, message: decoded.message });
  }
}

/** Name of a stream. */
export type StreamName = (typeof STREAMS)[keyof typeof STREAMS];

/** Stored messages of any stream in order, as they are kept. @throws see `ordered` */
export async function* storedRaw(
  connection: Connection,
  stream: StreamName,
  options: Omit<ReadOptions, 'onInvalid'> & { readonly filter: string },
): AsyncGenerator<RawReceived, void, undefined> {
  for await (const item of items(connection, stream, options.filter, options)) yield rawOf(item);
}

type Item = Extract<Awaited<ReturnType<ReturnType<typeof ordered>['next']>>['value'], { kind: 'message' }>;

async function* items(
  connection: Connection,
  stream: string,
  filter: string,
  options: ReadOptions,
): AsyncGenerator<Item, void, undefined> {
  for await (const item of ordered(connection, {
    stream,
    filter,
    from: options.from ?? 'all',
    signal: options.signal,
  })) {
    if (item.kind === 'message') yield item;
    else if (!options.follow) return;
  }
}

function rawOf({ message, sequence, time }: Item): RawReceived {
  return { subject: message.subject, headers: headerMap(readableHeaders(message)), data: message.data, sequence, time };
}
