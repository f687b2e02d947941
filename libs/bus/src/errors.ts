import { ERROR_CODES, SeatrialError, type Code, type ErrorReply } from '@seatrial/contracts';
import { errors as nats } from '@nats-io/nats-core';

/** An option of this library is out of range. */
export class BusConfigError extends SeatrialError {
  static readonly code = 'E-BUS-CONFIG';
  constructor(field: string, why: string) {
    super(`${field}: ${why}`, { code: BusConfigError.code, details: { field } });
  }
}

/** Nobody answers at the address of the broker. */
export class BrokerUnreachable extends SeatrialError {
  static readonly code = 'E-BUS-UNREACHABLE';
  constructor(url: string, cause?: unknown) {
    super(`cannot reach ${url}${cause instanceof Error ? `: ${cause.message}` : ''}`, {
      code: BrokerUnreachable.code,
      cause,
      hint: hintOf(BrokerUnreachable.code),
      retryable: true,
      details: { url },
    });
  }
}

/** The server is older than what the bus relies on. */
export class BrokerTooOld extends SeatrialError {
  static readonly code = 'E-BUS-VERSION';
  constructor(url: string, version: string) {
    super(`nats-server ${version} at ${url} is older than 2.11`, {
      code: BrokerTooOld.code,
      hint: hintOf(BrokerTooOld.code),
      details: { url, version },
    });
  }
}

/** The server knows nobody with this key, or the key cannot be read. */
export class CredentialsRefused extends SeatrialError {
  static readonly code = 'E-AUTH-CREDS';
  constructor(why: string, cause?: unknown) {
    super(why, { code: CredentialsRefused.code, cause, hint: hintOf(CredentialsRefused.code) });
  }
}

/** The server wants a key and none was given. */
export class CredentialsRequired extends SeatrialError {
  static readonly code = 'E-AUTH-REQUIRED';
  constructor(url: string, cause?: unknown) {
    super(`${url} wants credentials`, {
      code: CredentialsRequired.code,
      cause,
      hint: hintOf(CredentialsRequired.code),
    });
  }
}

/** The connection was closed by `close()`, or is about to be. */
export class BusClosed extends SeatrialError {
  static readonly code = 'E-BUS-CLOSED';
  constructor() {
    super('the connection to the bus is closed', { code: BusClosed.code, hint: hintOf(BusClosed.code) });
  }
}

/** The server refuses a publish to this user. */
export class PublishRefused extends SeatrialError {
  static readonly code = 'E-PERM-PUBLISH';
  constructor(subject: string, who: string, may: string, cause?: unknown) {
    super(`${who} may not publish to ${subject}; ${may} may`, {
      code: PublishRefused.code,
      cause,
      hint: `Ask as ${may}, or have the right granted by the contract.`,
      details: { subject, who, may },
    });
  }
}

/** The server refuses a subscription, or the consumer behind a read, to this user. */
export class SubscribeRefused extends SeatrialError {
  static readonly code = 'E-PERM-SUBSCRIBE';
  constructor(subject: string, who: string, may: string, cause?: unknown) {
    super(`${who} may not read ${subject}; ${may} may`, {
      code: SubscribeRefused.code,
      cause,
      hint: `Ask as ${may}, or have the right granted by the contract.`,
      details: { subject, who, may },
    });
  }
}

/** A payload, reply or value does not fit its contract. `pointer` is a JSON pointer (RFC 6901) to the place. */
export class PayloadInvalid extends SeatrialError {
  static readonly code = 'E-CONTRACT-PAYLOAD';
  constructor(where: string, pointer: string, why: string, cause?: unknown) {
    super(`${where}: ${pointer === '' ? 'payload' : pointer} ${why}`, {
      code: PayloadInvalid.code,
      cause,
      hint: hintOf(PayloadInvalid.code),
      details: { type: where, pointer },
    });
  }
}

/** A payload is larger than a message may be. Raised before anything is sent. */
export class PayloadTooLarge extends SeatrialError {
  static readonly code = 'E-BUS-PAYLOAD-TOO-LARGE';
  constructor(where: string, bytes: number, limit: number) {
    super(`${where}: ${bytes} bytes are more than the ${limit} that a message may have`, {
      code: PayloadTooLarge.code,
      hint: hintOf(PayloadTooLarge.code),
      details: { bytes, limit },
    });
  }
}

/** A stream, durable or bucket is missing. */
export class NotProvisioned extends SeatrialError {
  static readonly code = 'E-BUS-NOT-PROVISIONED';
  constructor(what: string, cause?: unknown) {
    super(`the bus has no ${what}`, {
      code: NotProvisioned.code,
      cause,
      hint: hintOf(NotProvisioned.code),
      details: { what },
    });
  }
}

/** The server answered, but does not store the message: the stream or its disk is full, or the server is out of resources. */
export class NotStored extends SeatrialError {
  static readonly code = 'E-BUS-NOT-STORED';
  constructor(subject: string, why: string) {
    super(`${subject} was not stored: ${why}`, {
      code: NotStored.code,
      hint: hintOf(NotStored.code),
      retryable: true,
      details: { subject },
    });
  }
}

/** No service listens to a query. */
export class NoResponder extends SeatrialError {
  static readonly code = 'E-BUS-NO-RESPONDER';
  constructor(subject: string, cause?: unknown) {
    super(`nobody answers ${subject}`, {
      code: NoResponder.code,
      cause,
      hint: hintOf(NoResponder.code),
      retryable: true,
      details: { subject },
    });
  }
}

/** An answer, an ack or a `command-settled` did not come in time. */
export class DeadlinePassed extends SeatrialError {
  static readonly code = 'E-DEADLINE';
  constructor(what: string, ms: number, cause?: unknown) {
    super(`${what} within ${ms} ms`, {
      code: DeadlinePassed.code,
      cause,
      hint: hintOf(DeadlinePassed.code),
      retryable: true,
    });
  }
}

/** The responder of a query failed; carries its code, text and hint. */
export class RemoteError extends SeatrialError {
  constructor(reply: ErrorReply) {
    super(reply.message, {
      code: reply.code,
      ...(reply.hint === undefined ? {} : { hint: reply.hint }),
      retryable: reply.retryable,
      details: reply.details,
    });
  }
}

/** A key holds another revision than the one that was read. */
export class RevisionConflict extends SeatrialError {
  static readonly code = 'E-CONFLICT-REVISION';
  constructor(bucket: string, key: string, expected: number) {
    super(`${bucket} ${key}: ${expected === 0 ? 'it exists already' : `it is no longer at revision ${expected}`}`, {
      code: RevisionConflict.code,
      hint: hintOf(RevisionConflict.code),
      details: { bucket, key, expected },
    });
  }
}

/** Why the signal of a lease aborts. */
export class LeaseLost extends SeatrialError {
  static readonly code = 'E-BUS-LEASE-LOST';
  constructor(lease: string, why: string) {
    super(`lease ${lease}: ${why}`, { code: LeaseLost.code, hint: hintOf(LeaseLost.code) });
  }
}

/** An object is incomplete, or its bytes do not have the digest that was stored with it. */
export class ObjectDamaged extends SeatrialError {
  static readonly code = 'E-BUS-OBJECT';
  constructor(store: string, key: string, why: string) {
    super(`object ${store}/${key}: ${why}`, { code: ObjectDamaged.code, hint: hintOf(ObjectDamaged.code) });
  }
}

/** A refusal in an error of the client: at the top, or as the cause of a failed request. */
export function violationOf(error: unknown): InstanceType<typeof nats.PermissionViolationError> | undefined {
  if (error instanceof nats.PermissionViolationError) return error;
  return error instanceof Error && error.cause instanceof nats.PermissionViolationError ? error.cause : undefined;
}

function hintOf(code: Code): string {
  return ERROR_CODES[code].hint;
}
