import { readdirSync, readFileSync } from 'node:fs';

/** USER_HZ is 100 on the architectures we run on. */
const MS_PER_TICK = 10;
/** Processes that work when the engine is asked; the kernel cuts names after 15 characters. */
const ENGINE = /^(dockerd|containerd)$/;

/** CPU that the engine's processes on this machine have used since they started, ms; undefined when there is none here (a remote engine). */
export function engineCpuMs(): number | undefined {
  const ticks = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => ticksOf(pid) ?? []);
  return ticks.length === 0 ? undefined : ticks.reduce((sum, value) => sum + value, 0) * MS_PER_TICK;
}

function ticksOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const close = stat.lastIndexOf(')');
    if (!ENGINE.test(stat.slice(stat.indexOf('(') + 1, close))) return undefined;
    const fields = stat.slice(close + 2).split(' ');
    return Number(fields[11]) + Number(fields[12]); // utime and stime
  } catch {
    return undefined; // ended meanwhile
  }
}
