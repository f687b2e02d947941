import { readKernelFile } from './read.ts';

/** The few fields of `/proc/<pid>/stat` that say who a process is. */
export interface ProcessStat {
  readonly parentPid: number;
  /** Clock ticks after boot. Together with the pid it names a process for good: pids are used again. */
  readonly startTicks: number;
}

/** Reads `/proc/<pid>/stat`; undefined when the text is malformed. The name in parentheses may hold spaces and parentheses itself. Source: proc_pid_stat(5). */
export function parseProcessStat(text: string): ProcessStat | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const parentPid = Number(fields[1]);
  const startTicks = Number(fields[19]);
  return Number.isInteger(parentPid) && Number.isInteger(startTicks) && fields.length > 19
    ? { parentPid, startTicks }
    : undefined;
}

/** Who runs under this pid now; undefined when nobody does (or `hidepid` hides it). @throws the errno of the system for anything else */
export function readProcessStat(procRoot: string, pid: number): ProcessStat | undefined {
  try {
    return parseProcessStat(readKernelFile(`${procRoot}/${pid}/stat`));
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH'))
      return undefined;
    throw error;
  }
}
