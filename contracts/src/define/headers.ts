/**
 * Headers of every message (CloudEvents 1.0 binary mode plus ours). The table in docs/reference/contracts is generated from `HEADERS`.
 */
export const H = {
  specversion: 'ce-specversion',
  id: 'ce-id',
  source: 'ce-source',
  type: 'ce-type',
  time: 'ce-time',
  subject: 'ce-subject',
  contentType: 'ce-datacontenttype',
  /** De-duplication by the server; equals `ce-id`. */
  msgId: 'Nats-Msg-Id',
  cause: 'seatrial-cause',
  actor: 'seatrial-actor',
  role: 'seatrial-role',
  /** When the requester of a query stops waiting, RFC 3339. */
  deadline: 'seatrial-deadline',
  traceparent: 'traceparent',
  tracestate: 'tracestate',
  errorText: 'Nats-Service-Error',
  errorCode: 'Nats-Service-Error-Code',
  deadError: 'seatrial-error',
  deadCode: 'seatrial-code',
  deadHandler: 'seatrial-handler',
  deadDeliveries: 'seatrial-deliveries',
  deadSubject: 'seatrial-original-subject',
  deadSequence: 'seatrial-sequence',
  replayedFrom: 'seatrial-replayed-from',
} as const;

export interface HeaderRow {
  readonly name: string;
  readonly on: string;
  readonly writer: string;
  readonly reader: string;
  readonly meaning: string;
}

export const HEADERS: readonly HeaderRow[] = [
  { name: H.specversion, on: 'all', writer: 'publisher', reader: 'integrators', meaning: 'always 1.0' },
  {
    name: H.id,
    on: 'all',
    writer: 'publisher',
    reader: 'consumer',
    meaning:
      'UUIDv7 where a person or a timer is the cause, else derived from the cause, or deterministic by the owner',
  },
  {
    name: H.source,
    on: 'all',
    writer: 'publisher',
    reader: 'consumer',
    meaning: '`/services/<name>` or `/people/<user>`',
  },
  { name: H.type, on: 'all', writer: 'publisher', reader: 'consumer', meaning: '`seatrial.<domain>.<name>.v<major>`' },
  { name: H.time, on: 'all', writer: 'publisher', reader: 'consumer', meaning: 'RFC 3339, UTC' },
  { name: H.subject, on: 'all', writer: 'publisher', reader: 'consumer', meaning: 'id of the object concerned' },
  { name: H.contentType, on: 'all', writer: 'publisher', reader: 'consumer', meaning: 'application/json' },
  {
    name: H.msgId,
    on: 'cmd, evt, met',
    writer: 'publisher',
    reader: 'server',
    meaning: 'equals ce-id; repeated within 2 min is dropped',
  },
  {
    name: H.cause,
    on: 'caused messages',
    writer: 'publisher',
    reader: 'people',
    meaning: 'ce-id of the causing message',
  },
  { name: H.actor, on: 'cmd', writer: 'sender', reader: 'audit', meaning: 'user that sends' },
  { name: H.role, on: 'cmd', writer: 'sender', reader: 'audit', meaning: 'role of that user' },
  {
    name: H.deadline,
    on: 'rpc',
    writer: 'requester',
    reader: 'responder',
    meaning: 'RFC 3339; nothing is answered after it',
  },
  { name: H.traceparent, on: 'all', writer: 'publisher', reader: 'consumer', meaning: 'W3C trace context' },
  { name: H.tracestate, on: 'all', writer: 'publisher', reader: 'consumer', meaning: 'W3C trace context' },
  { name: H.errorText, on: 'failed rpc reply', writer: 'responder', reader: 'requester', meaning: 'text of the error' },
  {
    name: H.errorCode,
    on: 'failed rpc reply',
    writer: 'responder',
    reader: 'requester',
    meaning: 'a number (HTTP-like); the stable code is in the body',
  },
  { name: H.deadError, on: 'dlq', writer: 'bus', reader: 'people', meaning: 'text of the last failure' },
  { name: H.deadCode, on: 'dlq', writer: 'bus', reader: 'people', meaning: 'code of the last failure' },
  { name: H.deadHandler, on: 'dlq', writer: 'bus', reader: 'replay', meaning: 'durable whose handler failed' },
  { name: H.deadDeliveries, on: 'dlq', writer: 'bus', reader: 'people', meaning: 'deliveries before it was given up' },
  { name: H.deadSubject, on: 'dlq', writer: 'bus', reader: 'replay', meaning: 'subject of the original message' },
  {
    name: H.deadSequence,
    on: 'dlq',
    writer: 'bus',
    reader: 'people',
    meaning: 'stream sequence of the original message',
  },
  {
    name: H.replayedFrom,
    on: 'replayed delivery',
    writer: 'bus',
    reader: 'handler',
    meaning: 'ce-id of the dead letter',
  },
];
