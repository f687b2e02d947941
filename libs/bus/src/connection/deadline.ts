import { DeadlinePassed } from '../errors.ts';

/**
 * Runs `work` with a signal that aborts with the caller's or after `ms`. An end by time becomes `DeadlinePassed` ("<what> within <ms> ms"); an end by the
 * caller's signal keeps its reason.
 */
export async function withDeadline<T>(
  what: string,
  ms: number,
  signal: AbortSignal | undefined,
  work: (end: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = AbortSignal.timeout(Math.max(1, Math.ceil(ms)));
  try {
    return await work(signal === undefined ? deadline : AbortSignal.any([signal, deadline]));
  } catch (error) {
    signal?.throwIfAborted();
    throw deadline.aborted && error === deadline.reason ? new DeadlinePassed(what, Math.round(ms), error) : error;
  }
}
