import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { Interrupted } from '../interrupted.ts';
import type { Layout } from '../layout.ts';
import { runningPlane, type PlaneProcess, type RunState } from '../plane/run-state.ts';
import { livingHolder } from '../process/lock.ts';
import { SupervisorEnded } from './errors.ts';
import type { SpawnedSupervisor } from './spawn-supervisor.ts';

/** How often `run.json` is read while a plane starts, ms. */
const LOOK_MS = 50;

/**
 * Follows the plane of this data folder until its start is over. `onMember` hears of each member once, as soon as it answers or is given up.
 * @param own the supervisor that this command started; without it a plane is followed that others started
 * @returns the state; undefined when another supervisor won the race for the plane (follow that one)
 */
export async function followStart(
  layout: Layout,
  own: SpawnedSupervisor | undefined,
  onMember: (member: PlaneProcess) => void,
  signal: AbortSignal,
): Promise<RunState | undefined> {
  const told = new Set<string>();
  const end = own === undefined ? undefined : watchEnd(own);
  for (;;) {
    if (signal.aborted) throw new Interrupted();
    const state = runningPlane(layout.runFile);
    const mine = state !== undefined && (own === undefined || state.supervisor === own.mark);
    for (const member of mine ? state.processes : []) {
      if (told.has(member.name) || (!member.ready && member.failure === undefined)) continue;
      told.add(member.name);
      onMember(member);
    }
    if (mine && state.phase === 'ready') return state;
    if (end?.happened === true) {
      if (end.error?.code === 'E-CONFLICT-LOCK') return undefined;
      throw end.error ?? new SupervisorEnded(join(layout.logs, 'up.log'), '');
    }
    if (own === undefined && state === undefined && (await livingHolder(layout.lock)) === undefined)
      throw new SupervisorEnded(join(layout.logs, 'up.log'), 'it was stopped meanwhile');
    await delay(LOOK_MS, undefined, { signal }).catch(() => {});
  }
}

function watchEnd(own: SpawnedSupervisor): { happened: boolean; error: Awaited<SpawnedSupervisor['ended']> } {
  const end: ReturnType<typeof watchEnd> = { happened: false, error: undefined };
  void own.ended.then((error) => Object.assign(end, { happened: true, error }));
  return end;
}
