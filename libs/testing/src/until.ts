import { setTimeout as delay } from 'node:timers/promises';

/** How long a fact may take on a loaded machine before a test calls it missing, ms. */
const DEADLINE_MS = 60_000;

/**
 * Polls until `fact` answers something other than undefined or false, and returns it. Errors of `fact` count as "not yet"; the last one is the cause of the failure.
 * @throws when the deadline passes, naming `what`
 */
export async function until<T>(
  what: string,
  fact: () => T | undefined | false | Promise<T | undefined | false>,
  options: { readonly deadlineMs?: number; readonly everyMs?: number } = {},
): Promise<T> {
  const deadline = performance.now() + (options.deadlineMs ?? DEADLINE_MS);
  let last: unknown;
  do {
    try {
      const answer = await fact();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      last = error;
    }
    await delay(options.everyMs ?? 20);
  } while (performance.now() < deadline);
  throw new Error(`not in time: ${what}`, { cause: last });
}
