import { availableParallelism, totalmem, hostname } from 'node:os';
import { formatBytes, formatCount } from '@seatrial/report';
import { isUnread } from '../doctor/check.ts';
import { cgroupVersion } from '../doctor/cgroup.ts';
import type { EnginePlan } from '../engine/plan.ts';
import type { EngineState } from '../engine/probe.ts';

/** What a plane reads, as `up` reports it. Nothing is simulated in this version: every object is real. */
export interface Source {
  readonly kind: 'docker' | 'host';
  readonly name: string;
  readonly status: 'real' | 'not found' | 'no permission';
  readonly version?: string;
  readonly simulated: false;
  /** How many objects it has; containers for an engine. */
  readonly objects: number;
  /** What a person reads beside the status. */
  readonly detail: string;
}

/** This machine. */
export function hostSource(): Source {
  const version = cgroupVersion();
  const groups = isUnread(version) ? 'no control groups' : `cgroup v${version}`;
  const detail = `${availableParallelism()} cores, ${formatBytes(totalmem())}, ${groups}`;
  return { kind: 'host', name: hostname(), status: 'real', simulated: false, objects: 1, detail };
}

/** The engine, or why there is none and the line that brings one. @param demo the demo application is about to be started there */
export function engineSource(state: EngineState, plan: EnginePlan, demo = false): Source {
  const common = { kind: 'docker', name: state.url, simulated: false } as const;
  switch (state.state) {
    case 'answers':
      return {
        ...common,
        status: 'real',
        version: state.version,
        objects: state.containers,
        detail:
          state.containers > 0
            ? `${formatCount(state.containers, 'container')}, read-only`
            : demo
              ? 'no container yet'
              : 'no container; ./seatrial up --demo starts some',
      };
    case 'denied':
      return { ...common, status: 'no permission', objects: 0, detail: 'add this user: sudo usermod -aG docker $USER' };
    case 'silent':
      return {
        ...common,
        status: 'not found',
        objects: 0,
        detail: plan.can ? 'install: ./seatrial up --yes' : (plan.lines[0] ?? plan.reason),
      };
  }
}
