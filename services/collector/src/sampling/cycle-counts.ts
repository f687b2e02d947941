/** How the sampling loops of this process run; `/metrics` shows it. */
export class CycleCounts {
  /** Firings left out because the one before took too long, by loop (`<target>/<loop>`). */
  readonly skipped = new Map<string, number>();
  /** Duration of the last cycle, s, by loop. */
  readonly seconds = new Map<string, number>();
  /** Epoch ms of the newest sample, by target. */
  readonly sampledAtMs = new Map<string, number>();

  /** Runs one cycle of a loop. */
  async cycle<T>(loop: string, skipped: number, work: () => Promise<T>): Promise<T> {
    this.skipped.set(loop, (this.skipped.get(loop) ?? 0) + skipped);
    const began = performance.now();
    try {
      return await work();
    } finally {
      this.seconds.set(loop, (performance.now() - began) / 1000);
    }
  }

  /** The target is not polled here any more. */
  forget(target: string): void {
    for (const counts of [this.skipped, this.seconds])
      for (const loop of [...counts.keys()]) if (loop.startsWith(`${target}/`)) counts.delete(loop);
    this.sampledAtMs.delete(target);
  }
}
