import type { DataOf, ResourceSynced } from '@seatrial/contracts';

/** An event of the collector; `n` tells them apart. */
export function synced(n = 0): DataOf<typeof ResourceSynced> {
  return {
    src: 'docker',
    tgt: 'local',
    reason: 'periodic',
    counts: { container: n },
    removed: 0,
    at: '2026-01-02T03:04:05.000Z',
  };
}
