import { AuditStart, Frames, Inventory, ResourceSynced, TargetsList, Watermarks } from '@seatrial/contracts';

import type { Bus } from './bus.ts';

/**
 * What must not compile; `tsc -b` is the test. Each line below an expectation is an error today, and the expectation itself is one as soon as it is not.
 * Never called.
 */
export async function wrongPayloads(bus: Bus): Promise<void> {
  const at = '2026-01-02T03:04:05Z';
  const synced = { src: 'docker', tgt: 'local', reason: 'start', counts: {}, removed: 0, at } as const;
  await bus.publish(ResourceSynced, synced);
  // @ts-expect-error a field is missing
  await bus.publish(ResourceSynced, { src: 'docker', tgt: 'local', reason: 'start', counts: {}, at });
  // @ts-expect-error a field has another type
  await bus.publish(ResourceSynced, { ...synced, removed: '0' });
  // @ts-expect-error a value is not one of those that there are
  await bus.publish(ResourceSynced, { ...synced, reason: 'whim' });
  // @ts-expect-error the payload of another contract
  await bus.publish(Frames, synced);

  // @ts-expect-error a command is sent, not published
  await bus.publish(AuditStart, { auditId: 'a', scope: {}, mode: 'effective' });
  await bus.send(AuditStart, { auditId: 'a', scope: {}, mode: 'effective' });
  // @ts-expect-error an event is published, not sent
  await bus.send(ResourceSynced, synced);
  // @ts-expect-error an optional field may be absent, not undefined
  await bus.send(AuditStart, { auditId: 'a', scope: {}, mode: 'effective', reason: undefined });
  // @ts-expect-error a query is not executed
  await bus.execute(TargetsList, {});

  const { targets } = await bus.request(TargetsList, {});
  // @ts-expect-error the reply has no such field
  void targets[0]?.nonsense;
  // @ts-expect-error a command has no reply
  await bus.request(AuditStart, { auditId: 'a', scope: {}, mode: 'effective' });

  for await (const { data } of bus.subscribe(ResourceSynced)) {
    // @ts-expect-error the payload has no such field
    void data.nonsense;
  }
  // @ts-expect-error commands are not read back
  bus.read(AuditStart, { follow: false });

  await bus.bucket(Watermarks).put('k', { updatedAt: at });
  // @ts-expect-error the value of another bucket
  await bus.bucket(Inventory).put('k', { updatedAt: at });
  // @ts-expect-error not a bucket of leases
  bus.lease(Watermarks, 'k');
}
