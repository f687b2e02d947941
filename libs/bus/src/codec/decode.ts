import {
  batchShapeError,
  H,
  MAX_BODY_BYTES,
  SampleBatches,
  type Code,
  type SampleBatch,
  type SomeContract,
} from '@seatrial/contracts';
import type { MsgHdrs } from '@nats-io/nats-core';

import { depthExceeds } from './depth.ts';
import { forgeryOf } from './forgery.ts';
import { readableHeaders } from './readable-headers.ts';
import { validatorsOf, type Pair } from './validators.ts';

/** What the headers of a message say. */
export interface Meta {
  /** `ce-id` */ readonly id: string;
  /** `ce-source` */ readonly source: string | undefined;
  /** `ce-subject` */ readonly subjectId: string | undefined;
  readonly cause: string | undefined;
  readonly actor: string | undefined;
  readonly role: string | undefined;
  /** First value of each header. */ readonly headers: ReadonlyMap<string, string>;
}

/** A decoded payload, or why there is none. */
export type Decoded<D> =
  | { readonly ok: true; readonly data: D; readonly meta: Meta }
  | { readonly ok: false; readonly code: Code; readonly message: string };

/** A message as it came. */
export interface RawMessage {
  readonly headers?: MsgHdrs | undefined;
  readonly data: Uint8Array;
}

/** Deepest nesting of a payload. Contracts go 6 deep. */
const MAX_DEPTH = 32;

/** Decodes one message by its contract, as a consumer reads it: unknown keys are stripped. Never throws. */
export function decode<D = unknown>(contract: SomeContract, message: RawMessage): Decoded<D> {
  const received = readableHeaders(message);
  if (contract.kind !== 'rpc') {
    const forged = forgeryOf(received);
    if (forged !== undefined) return { ok: false, code: 'E-BUS-FORGED', message: `${contract.type}: ${forged}` };
  }
  const headers = headerMap(received);
  const id = headers.get(H.id) ?? '';
  if (id === '') return unfit(contract, `header ${H.id} is missing`);
  const type = headers.get(H.type) ?? '';
  if (type !== contract.ceType) return unfit(contract, `${H.type} is "${type}", not "${contract.ceType}"`);
  const body = decodeBody(contract.type, message.data, validatorsOf(contract));
  if (!body.ok) return body;
  const shape =
    (contract as unknown) === SampleBatches ? batchShapeError(body.data as SampleBatch, Date.now()) : undefined;
  if (shape !== undefined) return unfit(contract, shape);
  return { ok: true, data: body.data as D, meta: metaOf(id, headers) };
}

/** First value of each header, looked up in one step: the client's own `get` copies all names for each look. */
export function headerMap(headers: MsgHdrs | undefined): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  if (headers !== undefined) for (const [name, values] of headers) map.set(name, values[0] ?? '');
  return map;
}

/** Decodes a payload, a reply or a value. Never throws. */
export function decodeBody(
  where: string,
  data: Uint8Array,
  { tolerant, open }: Pair,
):
  | { readonly ok: true; readonly data: unknown }
  | { readonly ok: false; readonly code: Code; readonly message: string } {
  if (data.length > MAX_BODY_BYTES)
    return {
      ok: false,
      code: 'E-BUS-PAYLOAD-TOO-LARGE',
      message: `${where}: ${data.length} bytes are more than ${MAX_BODY_BYTES}`,
    };
  let value: unknown;
  try {
    value = parse(UTF8.decode(data));
  } catch (error) {
    return { ok: false, code: 'E-CONTRACT-PAYLOAD', message: `${where}: no JSON: ${shorten(error)}` };
  }
  if (open && depthExceeds(value, MAX_DEPTH))
    return { ok: false, code: 'E-CONTRACT-PAYLOAD', message: `${where}: nested more than ${MAX_DEPTH} deep` };
  const result = tolerant(value);
  return result.ok
    ? { ok: true, data: result.value }
    : {
        ok: false,
        code: 'E-CONTRACT-PAYLOAD',
        message: `${where}: ${result.misfit.pointer || 'payload'} ${result.misfit.why}`,
      };
}

/** A key `__proto__` becomes the prototype of whatever copies the object key by key; no contract has it, so it is dropped. Written with escapes too. */
function parse(text: string): unknown {
  if (!text.includes('__proto__') && !text.includes('\\u005')) return JSON.parse(text);
  return JSON.parse(text, (key, value: unknown) => (key === '__proto__' ? undefined : value));
}

const UTF8 = new TextDecoder('utf-8', { fatal: true });

function metaOf(id: string, headers: ReadonlyMap<string, string>): Meta {
  return {
    id,
    source: headers.get(H.source),
    subjectId: headers.get(H.subject),
    cause: headers.get(H.cause),
    actor: headers.get(H.actor) || undefined,
    role: headers.get(H.role) || undefined,
    headers,
  };
}

function unfit(contract: SomeContract, why: string): { ok: false; code: Code; message: string } {
  return { ok: false, code: 'E-CONTRACT-PAYLOAD', message: `${contract.type}: ${why}` };
}

/** Texts of the JSON parser quote the input; a short one is enough. */
function shorten(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 120);
}
