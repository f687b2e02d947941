import type { BucketContract, SomeContract, SomeQuery } from '@seatrial/contracts';
import { Ajv2020, type ErrorObject } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { z } from 'zod';

/** Where a payload does not fit, and why. `pointer` is a JSON pointer (RFC 6901), empty for the payload as a whole. */
export interface Misfit {
  readonly pointer: string;
  readonly why: string;
}

/** Checks a value in place or gives a cleaned one. */
export type Validator = (
  value: unknown,
) => { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly misfit: Misfit };

export interface Pair {
  /** Publisher's form: unknown keys are errors. */
  readonly strict: Validator;
  /** Consumer's form: unknown keys are stripped. */
  readonly tolerant: Validator;
  /** Some place takes any value, so that nesting is not bounded by the schema. */
  readonly open: boolean;
}

const pairs = new WeakMap<object, Pair>();

/** Validators of a message's payload. Metrics are checked by Ajv, compiled from the same schema: zod takes 10 times as long for columns of numbers. */
export function validatorsOf(contract: SomeContract): Pair {
  return pairOf(contract, () =>
    contract.kind === 'met' ? ajvPair(contract.schema) : zodPair(contract.schema, contract.tolerant),
  );
}

/** Validators of the reply of a query. */
export function replyValidatorsOf(contract: SomeQuery): Pair {
  return pairOf(contract.replySchema, () => zodPair(contract.replySchema, contract.replyTolerant));
}

/** Validators of the values of a bucket. */
export function valueValidatorsOf(contract: BucketContract<never>): Pair {
  return pairOf(contract, () => zodPair(contract.schema, contract.tolerant));
}

function pairOf(key: object, make: () => Pair): Pair {
  let pair = pairs.get(key);
  if (pair === undefined) pairs.set(key, (pair = make()));
  return pair;
}

function zodPair(strict: z.ZodType, tolerant: z.ZodType): Pair {
  return { strict: zodValidator(strict), tolerant: zodValidator(tolerant), open: true };
}

function zodValidator(schema: z.ZodType): Validator {
  return (value) => {
    const result = schema.safeParse(value);
    return result.success ? { ok: true, value: result.data } : { ok: false, misfit: misfitOfZod(result.error) };
  };
}

/** Both forms from the publisher's schema: its `additionalProperties: false` is an error in one and what is removed in the other. */
function ajvPair(schema: z.ZodType): Pair {
  const json = z.toJSONSchema(schema, { io: 'input' });
  // Columns of numbers leave no place open; a test holds every metric to that.
  return { strict: ajvValidator(json, false), tolerant: ajvValidator(json, true), open: false };
}

function ajvValidator(json: object, removeAdditional: boolean): Validator {
  // `unicode: false`: zod counts UTF-16 units, and the two have to agree. Ajv calls the option deprecated on the console; it has no other.
  const ajv = new Ajv2020({
    strict: true,
    allowUnionTypes: true,
    strictTuples: false,
    unicode: false,
    removeAdditional,
    logger: false,
  });
  addFormats.default(ajv);
  const check = ajv.compile(json);
  return (value) => (check(value) ? { ok: true, value } : { ok: false, misfit: misfitOfAjv(check.errors?.[0]) });
}

function misfitOfZod(error: z.ZodError): Misfit {
  const issue = error.issues[0];
  if (issue === undefined) return { pointer: '', why: 'is invalid' };
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  const why = issue.code === 'unrecognized_keys' ? 'is not a field of this contract' : lowerFirst(issue.message);
  return { pointer: pointerOf(path), why };
}

function misfitOfAjv(error: ErrorObject | undefined): Misfit {
  if (error === undefined) return { pointer: '', why: 'is invalid' };
  const extra: unknown = error.params['additionalProperty'];
  if (typeof extra === 'string')
    return { pointer: error.instancePath + pointerOf([extra]), why: 'is not a field of this contract' };
  const missing: unknown = error.params['missingProperty'];
  if (typeof missing === 'string') return { pointer: error.instancePath + pointerOf([missing]), why: 'is missing' };
  return { pointer: error.instancePath, why: error.message ?? 'is invalid' };
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
