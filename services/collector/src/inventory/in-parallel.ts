/** Writes in flight: the bus takes some thousand a second. */
const PARALLEL = 16;

/** Runs all, so many at once; the results are in the order of the works. The first failure keeps the rest from starting and is thrown when none runs any more. */
export async function inParallel<T>(works: readonly (() => Promise<T>)[], parallel: number = PARALLEL): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  let failed = false;
  const worker = async (): Promise<void> => {
    for (let at = next++; at < works.length && !failed; at = next++) {
      try {
        results[at] = await (works[at] as () => Promise<T>)();
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: Math.min(parallel, works.length) }, worker));
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  return results;
}
