import type { SomeCommand, SomeEvent, SomeMetric, SomeQuery } from '@seatrial/contracts';

import type { CompiledConsumerOptions } from './consumer-options.ts';
import type { Delivery, QueryDelivery } from './delivery.ts';

/** A contract whose messages are stored in a stream. */
export type StoredContract = SomeCommand | SomeEvent | SomeMetric;

/** A handler of stored messages and the durable that feeds it. */
export interface StreamBinding {
  readonly contract: StoredContract;
  readonly stream: string;
  readonly durable: string;
  readonly options: CompiledConsumerOptions;
  /** Payload is decoded; whatever it throws decides how the message is settled. */
  readonly handle: (data: unknown, delivery: Delivery) => Promise<unknown>;
}

/** A handler of queries. */
export interface QueryBinding {
  readonly contract: SomeQuery;
  readonly handle: (data: unknown, delivery: QueryDelivery) => Promise<unknown>;
}

/** `<service>-<handler>[-<key>]`: the name under which `infra` provisions a durable and a service binds it. */
export function durableName(service: string, handler: string, key?: string): string {
  return key === undefined ? `${service}-${handler}` : `${service}-${handler}-${key}`;
}
