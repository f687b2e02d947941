import type { Step } from './progress.ts';

const BAR = 10;

/** `[#####-----] 52% 26/50 hosts eta 0:14`, or `26 hosts` while the total is not known. */
export function progressText({ done, total, unit, phase }: Step, elapsedMs: number): string {
  const doing = phase === undefined ? '' : `  ${phase}`;
  if (total === undefined || total === 0)
    return (done === 0 ? `${clock(elapsedMs)}` : `${done} ${unit}  ${clock(elapsedMs)}`) + doing;
  const share = Math.min(1, done / total);
  const filled = Math.floor(share * BAR);
  const left = done > 0 && done < total ? ` eta ${clock((elapsedMs / done) * (total - done))}` : '';
  return `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}] ${Math.floor(share * 100)}% ${done}/${total} ${unit}${left}${doing}`;
}

/** Minutes and seconds: `0:14`. */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
