import { setTimeout as wait } from 'node:timers/promises';

/**
 * Asks again until the answer is there (neither undefined nor false).
 * @throws Error after 30 s: what a test waits for must be certain to come
 */
export async function eventually<T>(ask: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  const deadline = performance.now() + 30_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== false) return answer;
    if (performance.now() > deadline) throw new Error(`it did not happen within 30 s: ${ask.toString()}`);
    await wait(20);
  }
}
