/** Steps of a shutdown, in order. `stop`: take nothing new. `finish`: end the work that is held, within its drain time. */
export type CloseStage = 'stop' | 'finish';

type Closer = () => unknown;

/** What has to happen before the connection is drained. Within one stage everything runs at once; the next begins when all have ended. */
export class Closers {
  readonly #stages: Record<CloseStage, Set<Closer>> = { stop: new Set(), finish: new Set() };

  /** Returns what takes the closer out again. */
  add(stage: CloseStage, closer: Closer): () => void {
    this.#stages[stage].add(closer);
    return () => void this.#stages[stage].delete(closer);
  }

  /** Runs both stages. A closer that fails does not keep the others from running; what went wrong is returned. */
  async run(): Promise<unknown[]> {
    const failed: unknown[] = [];
    for (const stage of ['stop', 'finish'] as const) {
      const results = await Promise.allSettled([...this.#stages[stage]].map(async (closer) => closer()));
      for (const result of results) if (result.status === 'rejected') failed.push(result.reason);
    }
    return failed;
  }
}
