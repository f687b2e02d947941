import type { FindingChange, FindingHistory, FindingTransition } from '../port/records.ts';

/** Unique key of an occurrence. */
export const findingId = (fingerprint: string, occurrence: number): string => `${fingerprint}#${occurrence}`;

/**
 * Adds a change to what is known of an occurrence. The result does not depend on the order of the changes, and adding one twice changes nothing: each state is reached once
 * (the earliest report counts), and the document is the one of the last transition.
 */
export function mergeFinding(known: FindingHistory | undefined, change: FindingChange): FindingHistory {
  const { fingerprint, occurrence, checkId, targetId, state, at, reason, document } = change;
  const before = known?.transitions.find((t) => t.state === state);
  if (known && before && before.at <= at) return known;
  const transition: FindingTransition = { state, at, ...(reason !== undefined && { reason }) };
  const transitions = [...(known?.transitions.filter((t) => t.state !== state) ?? []), transition].toSorted(
    compareTransitions,
  );
  const last = transitions.at(-1) ?? transition;
  return {
    fingerprint,
    occurrence,
    checkId,
    targetId,
    state: last.state,
    at: last.at,
    transitions,
    document: last === transition || !known ? document : known.document,
  };
}

/** By time; at one instant an opening comes before its end. */
function compareTransitions(a: FindingTransition, b: FindingTransition): number {
  return a.at - b.at || (a.state < b.state ? -1 : 1);
}
