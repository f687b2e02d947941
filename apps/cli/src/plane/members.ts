import { readdirSync, readFileSync } from 'node:fs';
import { isRunning, markOf, type ProcessMark } from '../process/mark.ts';
import type { RunState } from './run-state.ts';

/** In the environment of every process of a plane: the data folder it belongs to. */
export const PLANE_VARIABLE = 'SEATRIAL_PLANE';

/**
 * Living processes of the plane with this data folder, besides the caller. The recorded ones, and those that carry the plane's variable: a supervisor
 * killed between starting a process and recording it leaves one that only its environment gives away.
 */
export function planeMembers(dataDirectory: string, state: RunState | undefined): ProcessMark[] {
  const recorded = state ? [state.supervisor, ...state.processes.map((member) => member.mark)].filter(isRunning) : [];
  const tagged = processIds().flatMap((pid) => (belongsTo(pid, dataDirectory) ? (markOf(pid) ?? []) : []));
  const own = markOf(process.pid);
  return [...new Set([...recorded, ...tagged])].filter((mark) => mark !== own);
}

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

function belongsTo(pid: number, dataDirectory: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`${PLANE_VARIABLE}=${dataDirectory}`);
  } catch {
    return false; // another user's process, or gone
  }
}
