import type { DataOf, Kind, ReplyOf } from '@seatrial/contracts';
import { Ctx, EventPattern, MessagePattern, Payload } from '@nestjs/microservices';
import type { ZodType } from 'zod';

import type { ConsumerOptions } from '../handling/consumer-options.ts';
import type { Delivery, QueryDelivery } from '../handling/delivery.ts';

/** Any contract. Its payload type is read from `schema`, so that no variance of the contract types is in the way. */
export interface HandledContract {
  readonly kind: Kind;
  readonly type: string;
  readonly subject: string;
  readonly schema: ZodType;
}

/** Signature of a handler: payload first, then its delivery. A query returns its reply. */
export type HandlerOf<C> = (
  data: DataOf<C>,
  delivery: DeliveryOf<C>,
) => Promise<C extends { readonly kind: 'rpc' } ? ReplyOf<C> : void>;

/** What stands beside the payload. */
export type DeliveryOf<C> = C extends { readonly kind: 'rpc' } ? QueryDelivery : Delivery;

/** A method with that signature, or with less parameters. A descriptor is invariant: an extra field in payload or reply does not fit either. */
export type HandlerMethod<C> =
  | TypedPropertyDescriptor<HandlerOf<C>>
  | TypedPropertyDescriptor<(data: DataOf<C>) => ReturnType<HandlerOf<C>>>
  | TypedPropertyDescriptor<() => ReturnType<HandlerOf<C>>>;

/** What `@Handles` may say besides the contract. */
export interface HandlesOptions extends ConsumerOptions {
  /** Names the durable `<service>-<handler>`. @default the name of the message */ readonly handler?: string;
  /** Tells several durables of one service for the same message apart: `<service>-<handler>-<role>`. */ readonly role?: string;
}

/** What the decorator leaves on a method for the strategy. */
export interface HandlerMark {
  readonly contract: HandledContract;
  readonly options: HandlesOptions;
}

/** Key under which Nest keeps the mark. */
export const MARK = 'seatrial';

/**
 * Declares the handler of a message. The types of payload, delivery and reply follow from the contract: a handler that takes or returns something
 * else does not compile.
 */
export function Handles<C extends HandledContract>(
  contract: C,
  options: HandlesOptions = {},
): (target: object, key: string, descriptor: HandlerMethod<C>) => void {
  return (target, key, descriptor) => {
    // Without `Ctx()` on the second parameter Nest passes the payload alone.
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    const mark: HandlerMark = { contract, options };
    const pattern = [contract.subject, options.handler, options.role].filter((part) => part !== undefined).join(' ');
    const extras = { [MARK]: mark };
    const register: MethodDecorator =
      contract.kind === 'rpc' ? MessagePattern<string>(pattern, extras) : EventPattern<string>(pattern, extras);
    register(target, key, descriptor as TypedPropertyDescriptor<unknown>);
  };
}
