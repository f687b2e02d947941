import type { Confidence } from '@seatrial/contracts';

import type { FactDocument } from '../facts/document.ts';
import { isKnown, whyMissing, type Fact } from '../facts/fact.ts';
import { cite, fail, pass, unknown, type Cite, type Fault, type Outcome } from './outcome.ts';

/** What is held to be true of a target, and how far it can be relied on. */
export interface Belief<T> {
  readonly value: T;
  readonly confidence: Confidence;
  /** False when better evidence exists in principle but was lost: then a fault counts, and the absence of one says nothing. */
  readonly certain: boolean;
  /** Why it is not certain. */
  readonly doubt?: string;
  readonly cites: readonly Cite[];
}

/** Nothing is known. */
export interface Ignorance {
  readonly unknown: string;
}

export function isBelief<T>(belief: Belief<T> | Ignorance): belief is Belief<T> {
  return 'value' in belief;
}

/**
 * Weighs what the kernel says against what the configuration says. The kernel wins; without a process (or where nobody can read `/proc`) the configuration decides; when evidence of a running
 * process was lost the configuration can only convict, never acquit.
 */
export function believe<T>(document: FactDocument, kernel: Fact<T>, config: Fact<T>): Belief<T> | Ignorance {
  if (!document.hasProcess || !document.observed) return declaredOnly(config);
  if (isKnown(kernel)) {
    const cites = isKnown(config) ? [cite('effective', kernel), cite('declared', config)] : [cite('effective', kernel)];
    return {
      value: kernel.value,
      confidence: 'effective',
      certain: !kernel.truncated,
      ...(kernel.truncated ? { doubt: 'the evidence is longer than the limit' } : {}),
      cites,
    };
  }
  const doubt = `the running process cannot be read (${whyMissing(kernel)})`;
  if (!isKnown(config)) return { unknown: doubt };
  return { value: config.value, confidence: 'declared', certain: false, doubt, cites: [cite('declared', config)] };
}

/** For what only the configuration can say. */
export function declaredOnly<T>(config: Fact<T>): Belief<T> | Ignorance {
  if (!isKnown(config)) return { unknown: `the configuration does not say it (${whyMissing(config)})` };
  const cites = [cite('declared', config)];
  if (config.truncated)
    return {
      value: config.value,
      confidence: 'declared',
      certain: false,
      doubt: `${config.ref} is longer than the limit`,
      cites,
    };
  return { value: config.value, confidence: 'declared', certain: true, cites };
}

/** Turns a belief into a verdict. `judge` gives the fault, or undefined when the value is as it should be. */
export function conclude<T>(
  belief: Belief<T> | Ignorance,
  judge: (value: T) => Fault | undefined,
  fine: string,
): Outcome {
  if (!isBelief(belief)) return unknown(belief.unknown);
  const fault = judge(belief.value);
  if (fault) return fail(fault, belief.confidence, belief.cites, !belief.certain);
  if (!belief.certain) return unknown(belief.doubt ?? 'the evidence is incomplete', belief.confidence, belief.cites);
  return pass(fine, belief.confidence, belief.cites);
}

/** The belief about several things at once: as doubtful as the most doubtful of them. */
export function both<A, B>(a: Belief<A> | Ignorance, b: Belief<B> | Ignorance): Belief<readonly [A, B]> | Ignorance {
  if (!isBelief(a)) return a;
  if (!isBelief(b)) return b;
  const doubt = a.doubt ?? b.doubt;
  return {
    value: [a.value, b.value],
    confidence: a.confidence === 'effective' || b.confidence === 'effective' ? 'effective' : 'declared',
    certain: a.certain && b.certain,
    ...(doubt === undefined ? {} : { doubt }),
    cites: [...a.cites, ...b.cites],
  };
}

/** Three-valued truth: undefined = cannot be known. */
export type Truth = boolean | undefined;

/** Whether a condition holds. A doubtful belief can show that it does, not that it does not. */
export function truth<T>(belief: Belief<T> | Ignorance, condition: (value: T) => boolean): Truth {
  if (!isBelief(belief)) return undefined;
  return condition(belief.value) ? true : belief.certain ? false : undefined;
}

export function and(...terms: readonly Truth[]): Truth {
  if (terms.includes(false)) return false;
  return terms.includes(undefined) ? undefined : true;
}

/** Asks the second question only where the first has not answered no: most containers have no bind, and then nothing about binds is to be found out. */
export function andThen(first: Truth, second: () => Truth): Truth {
  return first === false ? false : and(first, second());
}

export function or(...terms: readonly Truth[]): Truth {
  if (terms.includes(true)) return true;
  return terms.includes(undefined) ? undefined : false;
}
