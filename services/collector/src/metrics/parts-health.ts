import type { PartHealth } from '@seatrial/service';

import type { ArchiveDoor } from '../history/archive-door.ts';
import type { TargetSupervisor } from '../targets/supervisor.ts';

/** Degraded while the archive takes nothing; the stream keeps the samples meanwhile. */
export function archiveHealth(door: ArchiveDoor): PartHealth {
  const { fault } = door;
  return fault === undefined ? { status: 'ok' } : { status: 'degraded', code: fault.code, message: fault.message };
}

/** Degraded while a target that is polled here does not answer, or only in part. */
export function targetsHealth(supervisor: TargetSupervisor): PartHealth {
  for (const { state } of supervisor.held)
    if (state?.code !== undefined && (state.health === 'down' || state.health === 'degraded'))
      return { status: 'degraded', code: state.code, message: `target ${state.id}: ${state.message ?? state.health}` };
  return { status: 'ok' };
}
