import type { Bus } from '@seatrial/bus';
import { IsolationCursors } from '@seatrial/contracts';
import type { KeptPosition } from '@seatrial/service';

/** Target ids hold no dot, so this is never the key of an engine. */
const KEY = 'audit.log';

/** How far the audit records of the domain are in the archive, kept on the bus beside the positions in event streams. */
export function auditLogPosition(bus: Bus): KeptPosition {
  const bucket = bus.bucket(IsolationCursors);
  return {
    read: async () => {
      const entry = await bucket.get(KEY);
      return entry === undefined ? undefined : Number(entry.value.eventSince);
    },
    write: async (sequence) => {
      await bucket.put(KEY, { eventSince: String(sequence), updatedAt: new Date().toISOString() });
    },
  };
}
