/**
 * What must not compile. `tsc -b` compiles this file; an `@ts-expect-error` without an error is an error. Nothing here is ever run.
 */
import { AuditStart, FindingChanged, FindingGet, SampleBatches, type DataOf, type ReplyOf } from '@seatrial/contracts';

import type { Delivery, QueryDelivery } from '../handling/delivery.ts';
import { Handles } from './handles.ts';

type Reply = ReplyOf<typeof FindingGet>;
declare const reply: Reply;

export class Fits {
  @Handles(AuditStart)
  async command(_data: DataOf<typeof AuditStart>, _delivery: Delivery): Promise<void> {}

  @Handles(FindingChanged, { role: 'mirror' })
  async event(_data: DataOf<typeof FindingChanged>, _delivery: Delivery): Promise<void> {}

  @Handles(SampleBatches, { concurrency: 2 })
  async metric(_data: DataOf<typeof SampleBatches>, _delivery: Delivery): Promise<void> {}

  @Handles(FindingGet)
  async query(_data: DataOf<typeof FindingGet>, _delivery: QueryDelivery): Promise<Reply> {
    return Promise.resolve(reply);
  }

  @Handles(AuditStart)
  async withoutDelivery(_data: DataOf<typeof AuditStart>): Promise<void> {}
}

export class DoesNotFit {
  // @ts-expect-error the payload of another message
  @Handles(AuditStart)
  async otherPayload(_data: DataOf<typeof FindingChanged>, _delivery: Delivery): Promise<void> {}

  // @ts-expect-error a field that the message does not have
  @Handles(AuditStart)
  async extraField(
    _data: DataOf<typeof AuditStart> & { readonly colour: string },
    _delivery: Delivery,
  ): Promise<void> {}

  // @ts-expect-error a field of another type
  @Handles(AuditStart)
  async wrongField(_data: { readonly auditId: number }, _delivery: Delivery): Promise<void> {}

  // @ts-expect-error a command returns nothing to its sender
  @Handles(AuditStart)
  async answer(_data: DataOf<typeof AuditStart>, _delivery: Delivery): Promise<number> {
    return Promise.resolve(1);
  }

  // @ts-expect-error a reply that lacks its fields
  @Handles(FindingGet)
  async wrongReply(_data: DataOf<typeof FindingGet>, _delivery: QueryDelivery): Promise<{ readonly colour: string }> {
    return Promise.resolve({ colour: 'red' });
  }

  // @ts-expect-error a reply with a field that the contract does not have
  @Handles(FindingGet)
  async extraReply(
    _data: DataOf<typeof FindingGet>,
    _delivery: QueryDelivery,
  ): Promise<Reply & { readonly colour: string }> {
    return Promise.resolve({ ...reply, colour: 'red' });
  }

  // @ts-expect-error no reply at all
  @Handles(FindingGet)
  async noReply(_data: DataOf<typeof FindingGet>, _delivery: QueryDelivery): Promise<void> {}

  // @ts-expect-error a query has no stored delivery
  @Handles(FindingGet)
  async wrongDelivery(_data: DataOf<typeof FindingGet>, _delivery: Delivery): Promise<Reply> {
    return Promise.resolve(reply);
  }

  // @ts-expect-error a command has no deadline
  @Handles(AuditStart)
  async wrongKind(
    _data: DataOf<typeof AuditStart>,
    _delivery: QueryDelivery & { readonly deadline: Date },
  ): Promise<void> {}

  // @ts-expect-error not asynchronous
  @Handles(AuditStart)
  synchronous(_data: DataOf<typeof AuditStart>, _delivery: Delivery): void {}
}
