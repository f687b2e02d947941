/** Window over which coverage is told, ms. */
const WINDOW_MS = 60_000;

/** Ticks of one loop that arrived: their due times, newest last. */
interface Loop {
  readonly intervalMs: number;
  readonly ticks: number[];
}

/** Which of the due ticks of each target arrived in the last minute. A target may have several loops, told apart by their interval. */
export class Coverage {
  readonly #loops = new Map<string, Map<number, Loop>>();

  /** A batch of a tick arrived. @param dueMs epoch ms of the tick */
  arrived(target: string, dueMs: number, intervalMs: number): void {
    let loops = this.#loops.get(target);
    if (loops === undefined) this.#loops.set(target, (loops = new Map()));
    let loop = loops.get(intervalMs);
    if (loop === undefined) loops.set(intervalMs, (loop = { intervalMs, ticks: [] }));
    if (loop.ticks.at(-1) !== dueMs) loop.ticks.push(dueMs);
    while ((loop.ticks[0] ?? dueMs) < dueMs - keptMs(intervalMs)) loop.ticks.shift();
  }

  /** Share of due ticks that arrived, 0-1, of the loop with the fewest. Undefined when nothing came for so long that nothing may be due. */
  of(target: string, nowMs: number): number | undefined {
    const loops = this.#loops.get(target);
    let least: number | undefined;
    for (const loop of loops?.values() ?? []) {
      const last = loop.ticks.at(-1) ?? 0;
      if (last < nowMs - keptMs(loop.intervalMs)) loops?.delete(loop.intervalMs);
      else least = Math.min(least ?? 1, shareOf(loop, nowMs));
    }
    return least;
  }
}

/** A loop that has been silent for so long has ended, ms. */
const keptMs = (intervalMs: number): number => Math.max(2 * WINDOW_MS, 3 * intervalMs);

function shareOf({ intervalMs, ticks }: Loop, nowMs: number): number {
  const due = Math.max(1, Math.floor(WINDOW_MS / intervalMs));
  const from = nowMs - (due + 1) * intervalMs; // the tick under way is not due yet
  // Ticks of the warm-up come oftener than the interval: each slot counts once.
  const slots = new Set(
    ticks.filter((dueMs) => dueMs > from && dueMs <= nowMs).map((dueMs) => Math.floor(dueMs / intervalMs)),
  );
  return Math.min(1, slots.size / due);
}
