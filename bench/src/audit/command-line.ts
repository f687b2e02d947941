import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';

/** USER_HZ is 100 on the architectures we run on. */
const MS_PER_TICK = 10;

/**
 * The peer's way of reading: one `docker inspect` process a container. docker-bench-security 1.6.0 starts about thirty of these, three `docker port` and two `docker exec` for each container, so
 * this is a thirtieth of it. CPU of the child processes, ms, with that of this process.
 */
export async function inspectByCommandLine(ids: readonly string[], url: string): Promise<number> {
  const before = childrenMs();
  const own = process.cpuUsage();
  for (const id of ids) await promisify(execFile)('docker', ['-H', url, 'inspect', id]);
  const spent = process.cpuUsage(own);
  return childrenMs() - before + (spent.user + spent.system) / 1000;
}

/** CPU of the children that have ended and were waited for. */
function childrenMs(): number {
  const stat = readFileSync('/proc/self/stat', 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[13]) + Number(fields[14])) * MS_PER_TICK; // cutime and cstime
}
