import type { Confidence, Severity } from '@seatrial/contracts';

import type { Known } from '../facts/fact.ts';

/** Which evidence a cited fact belongs to. */
export type Side = 'declared' | 'effective' | 'engine';

/** A fact that a verdict rests on. Excerpt and hash are made from it only when somebody looks. */
export interface Cite {
  readonly side: Side;
  readonly ref: string;
  readonly value: unknown;
  /** Shown instead of the value, e.g. for a secret. */
  readonly excerpt?: string;
  /** Hash to show instead of that of the value: the salted one of a secret. */
  readonly hash?: string;
}

/** Something is wrong, and what exactly. */
export interface Fault {
  /** One sentence in the present tense. */
  readonly message: string;
  /** What is wrong in words that do not change with the incarnation (no id, inode, pid or time): part of the fingerprint. Order does not matter. */
  readonly normal?: readonly string[];
  /** Where a row of the catalogue has two severities. */
  readonly severity?: Severity;
  /** More to cite than the facts that were judged. */
  readonly cites?: readonly Cite[];
  /** Mount destinations at fault; lets another check claim them. */
  readonly mounts?: readonly string[];
  /** Steps of an escape. */
  readonly path?: readonly string[];
}

interface OutcomeBase {
  readonly confidence: Confidence;
  readonly message: string;
  readonly cites: readonly Cite[];
}
export interface Pass extends OutcomeBase {
  readonly status: 'pass';
}
export interface Fail extends OutcomeBase, Omit<Fault, 'cites'> {
  readonly status: 'fail';
  /** Evidence of the running process was lost, so more may be wrong than is said. */
  readonly partial?: true;
}
export interface Unknown extends OutcomeBase {
  readonly status: 'unknown';
}
export interface NotApplicable extends OutcomeBase {
  readonly status: 'not-applicable';
}

/** Verdict of one check on one target. */
export type Outcome = Pass | Fail | Unknown | NotApplicable;

const NO_CITES: readonly Cite[] = [];

export function pass(message: string, confidence: Confidence = 'declared', cites: readonly Cite[] = NO_CITES): Pass {
  return { status: 'pass', confidence, message, cites };
}

export function fail(
  fault: Fault,
  confidence: Confidence = 'declared',
  cites: readonly Cite[] = NO_CITES,
  partial = false,
): Fail {
  return {
    ...fault,
    status: 'fail',
    confidence,
    cites: fault.cites ? [...cites, ...fault.cites] : cites,
    ...(partial ? PARTIAL : undefined),
  };
}

const PARTIAL = { partial: true } as const;

/** What could not be known is said in `message`; never a pass. */
export function unknown(
  message: string,
  confidence: Confidence = 'declared',
  cites: readonly Cite[] = NO_CITES,
): Unknown {
  return { status: 'unknown', confidence, message, cites };
}

export function notApplicable(
  message: string,
  confidence: Confidence = 'declared',
  cites: readonly Cite[] = NO_CITES,
): NotApplicable {
  return { status: 'not-applicable', confidence, message, cites };
}

export function cite(side: Side, fact: Known<unknown>): Cite {
  return { side, ref: fact.ref, value: fact.value };
}
