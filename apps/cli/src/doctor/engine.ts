import type { EnginePlan } from '../engine/plan.ts';
import type { EngineState } from '../engine/probe.ts';
import { ok, warn, type CheckResult } from './check.ts';

/** The engine and this user's permission to ask it. Without one the plane works for the host alone: a warning, never a failure. */
export function checkEngine(state: EngineState, plan: EnginePlan): CheckResult {
  switch (state.state) {
    case 'answers':
      return ok(
        'engine',
        `Docker ${state.version} at ${state.url}, ${state.running} of ${state.containers} containers running`,
      );
    case 'denied':
      return warn(
        'engine',
        state.error.message,
        'sudo usermod -aG docker $USER, then log in again (who can use this socket is root on that host)',
      );
    case 'silent':
      return warn(
        'engine',
        state.error.message,
        plan.can ? `./seatrial up --yes, or: ${plan.lines.join(' && ')}` : fixOf(plan),
      );
  }
}

function fixOf(plan: EnginePlan & { can: false }): string {
  return plan.lines.length === 0 ? `${plan.reason}: start it there, or unset DOCKER_HOST` : plan.lines.join(' && ');
}
