import { readFileSync } from 'node:fs';

/** Resident memory of a process, bytes (`VmRSS`). */
export function residentBytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  if (kilobytes === undefined) throw new Error(`process ${pid} has no resident memory: it is gone`);
  return Number(kilobytes) * 1024;
}
