import { readFileSync } from 'node:fs';

/**
 * One process for good: its id and, because ids are given again, its start time in clock ticks since boot (field 22 of `/proc/PID/stat`, proc(5)).
 * Written `<pid>.<start>`; the start is empty where there is no `/proc`.
 */
export type ProcessMark = string;

/** The mark of a living process, undefined if there is none. A zombie counts as gone: it does nothing and holds nothing. */
export function markOf(pid: number): ProcessMark | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The command name stands in parentheses and may hold spaces and parentheses itself.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' || fields[0] === 'X' ? undefined : `${pid}.${fields[19]}`;
  } catch {
    return process.platform === 'linux' || !isAlive(pid) ? undefined : `${pid}.`;
  }
}

/** Whether the process of this mark, and not a later one with its id, still runs. */
export function isRunning(mark: ProcessMark): boolean {
  return markOf(pidOf(mark)) === mark;
}

export function pidOf(mark: ProcessMark): number {
  return Number.parseInt(mark, 10);
}

/** Asks the kernel, without sending anything. Not allowed to signal it means that it is there. */
function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
