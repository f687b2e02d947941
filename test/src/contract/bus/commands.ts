import { AuditStart, type DataOf } from '@seatrial/contracts';

/** A command whose `reason` tells the handler of a test what to do. `auditId` is part of the subject. */
export function audit(reason: string, auditId = reason): DataOf<typeof AuditStart> {
  return { auditId, scope: {}, mode: 'effective', reason };
}
