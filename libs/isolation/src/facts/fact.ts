/** Why a piece of evidence is not there. `unsupported` means that the platform has no such evidence, or that it was malformed or over its limit. */
export type MissingReason = 'denied' | 'gone' | 'unsupported' | 'source-down' | 'redacted';

/** A value that was read, and where. */
export interface Known<T> {
  readonly value: T;
  /** JSON pointer into the inspect document, or a file under /proc or /sys. */
  readonly ref: string;
  /** Only the first part of a list that was over its limit: what was seen counts, what was not seen is unknown. */
  readonly truncated?: true;
}

/** Evidence that could not be had; never to be read as an empty value. */
export interface Missing {
  readonly missing: MissingReason;
  readonly ref?: string;
  /** One clause for people: which field, which limit, which refusal. */
  readonly detail?: string;
}

/** A value with its origin, or the reason why there is none. Hashes of the raw excerpt are made when evidence is shown. */
export type Fact<T> = Known<T> | Missing;

export function isKnown<T>(fact: Fact<T>): fact is Known<T> {
  return 'value' in fact;
}

export function known<T>(value: T, ref: string): Known<T> {
  return { value, ref };
}

export function missing(reason: MissingReason, detail?: string, ref?: string): Missing {
  return { missing: reason, ...(detail === undefined ? {} : { detail }), ...(ref === undefined ? {} : { ref }) };
}

/** Same origin, another form; a missing fact stays as it is. */
export function mapFact<T, U>(fact: Fact<T>, form: (value: T) => U): Fact<U> {
  if (!isKnown(fact)) return fact;
  return { value: form(fact.value), ref: fact.ref, ...(fact.truncated ? { truncated: true } : {}) };
}

/** The value, or `fallback` when it is missing. Only for uses where the fallback cannot turn into a pass. */
export function valueOr<T, F>(fact: Fact<T>, fallback: F): T | F {
  return isKnown(fact) ? fact.value : fallback;
}

/** Says in one clause why a fact is missing. */
export function whyMissing(fact: Missing): string {
  const reason = REASON_TEXT[fact.missing];
  return fact.detail === undefined ? reason : `${reason}: ${fact.detail}`;
}

const REASON_TEXT: Readonly<Record<MissingReason, string>> = {
  denied: 'access was refused',
  gone: 'the process is gone',
  unsupported: 'it is not available here',
  'source-down': 'its source does not answer',
  redacted: 'it was redacted',
};
