/**
 * How many messages to take at once, and which must run alone.
 *
 * The server counts deliveries, not causes: when one message kills the process, every message held beside it is delivered again with a count one
 * higher. After five deaths all of them would look like the culprit. So a message that has come for the third time runs alone, and redelivered
 * messages are asked for one by one: the culprit dies by itself and its neighbours get through.
 */
export interface Hold {
  /** Handlers that may run at once. */
  readonly concurrency: number;
  /** Messages asked of the server and not yet received. */
  readonly asked: number;
  /** Messages received that do not run yet. */
  readonly waiting: number;
  /** Messages whose handler runs. */
  readonly running: number;
  /** Suspects among those that wait. */
  readonly suspectsWaiting: number;
  /** A suspect runs (then it is the only one). */
  readonly suspectRuns: boolean;
  /** True until a message arrives for the first time: the server sends redeliveries first. */
  readonly cautious: boolean;
}

/** From this delivery on a message runs alone: one redelivery is common (a lost connection), two are suspicious. */
const SUSPECT_FROM = 3;

/** True for a message that may have killed the process before. */
export function isSuspect(deliveryCount: number): boolean {
  return deliveryCount >= SUSPECT_FROM;
}

/** True when the first waiting message, delivered `deliveryCount` times, may start now. */
export function mayStart(hold: Hold, deliveryCount: number): boolean {
  if (hold.suspectRuns || hold.running >= hold.concurrency) return false;
  return !isSuspect(deliveryCount) || hold.running === 0;
}

/** Messages to ask for now; 0 when nothing should be asked. */
export function toAsk(hold: Hold): number {
  if (hold.suspectRuns || hold.suspectsWaiting > 0) return 0;
  const free = hold.concurrency - hold.running - hold.waiting - hold.asked;
  if (free <= 0) return 0;
  if (hold.cautious) return hold.asked === 0 ? 1 : 0;
  return free;
}
