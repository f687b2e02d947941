import type { Io } from '../io.ts';
import type { Layout } from '../layout.ts';
import { runningPlane, supervisorPid } from '../plane/run-state.ts';
import type { PlaneFact } from './plane.ts';

/** The running plane of this checkout, as far as it answers; undefined when nothing runs. */
export async function planeFact(layout: Layout, _io: Io): Promise<PlaneFact | undefined> {
  const state = runningPlane(layout.runFile);
  if (state?.busUrl === undefined) return undefined;
  return {
    pid: supervisorPid(state),
    busUrl: state.busUrl,
    jetstream: { ok: false, reason: 'not asked' },
    services: [],
  };
}
