import { H, MAX_BODY_BYTES, type PersonRole, type SomeContract } from '@seatrial/contracts';
import { MsgHdrsImpl, type MsgHdrs } from '@nats-io/nats-core';

import { BusConfigError, PayloadInvalid, PayloadTooLarge } from '../errors.ts';
import { MAX_ID } from '../ids.ts';
import type { TraceHeaders } from '../trace/spans.ts';
import { validatorsOf, type Validator } from './validators.ts';

/** What goes into the headers besides what the contract says. */
export interface Envelope {
  /** `ce-id`; for stored messages also `Nats-Msg-Id`. */
  readonly id: string;
  /** `ce-source`. */
  readonly source: string;
  /** `ce-id` of the message that is being handled. */
  readonly cause?: string | undefined;
  /** `ce-subject`: id of the object concerned. */
  readonly subjectId?: string | undefined;
  /** Person or service that sends a command. */
  readonly actor?: string | undefined;
  readonly role?: PersonRole | undefined;
  readonly trace?: TraceHeaders | undefined;
  /** When the sender of a query stops waiting. */
  readonly deadline?: Date | undefined;
}

/** A message as it goes to the server. */
export interface Encoded {
  readonly subject: string;
  readonly payload: Uint8Array;
  readonly headers: MsgHdrs;
}

/**
 * Checks and encodes one message.
 * @throws PayloadInvalid (with a JSON pointer), PayloadTooLarge, BusConfigError for a header that cannot be one
 */
export function encode(contract: SomeContract, data: unknown, envelope: Envelope): Encoded {
  const payload = encodeBody(contract.type, data, validatorsOf(contract).strict);
  return { subject: subjectOf(contract, data), payload, headers: headersOf(contract, envelope) };
}

/** Checks and encodes a payload, a reply or a value. Size first: a check of 2 MB would only delay the same answer. */
export function encodeBody(where: string, data: unknown, check: Validator): Uint8Array {
  let text: string | undefined;
  try {
    text = JSON.stringify(data);
  } catch (error) {
    throw new PayloadInvalid(where, '', 'cannot be written as JSON', error);
  }
  if (text === undefined) throw new PayloadInvalid(where, '', 'is missing');
  if (text.length > MAX_BODY_BYTES) throw new PayloadTooLarge(where, Buffer.byteLength(text), MAX_BODY_BYTES);
  const result = check(data);
  if (!result.ok) throw new PayloadInvalid(where, result.misfit.pointer, result.misfit.why);
  const payload = Buffer.from(text);
  if (payload.length > MAX_BODY_BYTES) throw new PayloadTooLarge(where, payload.length, MAX_BODY_BYTES);
  return payload;
}

function subjectOf(contract: SomeContract, data: unknown): string {
  try {
    return contract.subjectOf(data as never);
  } catch (error) {
    throw new PayloadInvalid(contract.type, '', error instanceof Error ? error.message : String(error), error);
  }
}

function headersOf(contract: SomeContract, envelope: Envelope): MsgHdrs {
  const { id, cause, subjectId, actor, role, trace, deadline } = envelope;
  if (id === '' || id.length > MAX_ID)
    throw new BusConfigError('id', `it has ${id.length} characters; 1 to ${MAX_ID} are allowed`);
  const record: Record<string, string> = {
    [H.specversion]: '1.0',
    [H.id]: line('id', id),
    [H.source]: envelope.source,
    [H.type]: contract.ceType,
    [H.time]: instant(Date.now()),
    [H.contentType]: 'application/json',
  };
  if (contract.kind !== 'rpc') record[H.msgId] = id;
  if (subjectId !== undefined) record[H.subject] = line('subject', subjectId);
  if (cause !== undefined) record[H.cause] = line('cause', cause);
  if (actor !== undefined) record[H.actor] = actor;
  if (role !== undefined) record[H.role] = role;
  if (deadline !== undefined) record[H.deadline] = deadline.toISOString();
  if (trace?.traceparent !== undefined) record[H.traceparent] = trace.traceparent;
  if (trace?.tracestate !== undefined) record[H.tracestate] = trace.tracestate;
  // `fromRecord` takes the values as they are; `line` has looked at those that come from callers.
  return MsgHdrsImpl.fromRecord(record as never);
}

let instantMs = -1;
let instantText = '';

/** RFC 3339, UTC. Messages of one millisecond share the text: writing it costs more than the rest of a header. */
function instant(ms: number): string {
  if (ms !== instantMs) {
    instantMs = ms;
    instantText = new Date(ms).toISOString();
  }
  return instantText;
}

/** One line of printable text: a line break would start another header. */
function line(field: string, value: string): string {
  if (value.length > 256 || /[\u0000-\u001f\u007f]/.test(value))
    throw new BusConfigError(field, 'it is longer than 256 characters or holds a control character');
  return value;
}
