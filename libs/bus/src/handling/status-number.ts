import { errorCode, EXIT } from '@seatrial/contracts';

/** HTTP-like number of a code, for clients of the NATS service API, which read `Nats-Service-Error-Code` as a number. */
export function statusNumber(code: string): number {
  const exact = BY_CODE[code];
  if (exact !== undefined) return exact;
  switch (errorCode(code).exit) {
    case EXIT.usage:
      return 400;
    case EXIT.notAllowed:
      return 403;
    case EXIT.notFound:
      return 404;
    case EXIT.conflict:
      return 409;
    case EXIT.unreachable:
      return 503;
    case EXIT.deadline:
      return 504;
    default:
      return 500;
  }
}

const BY_CODE: Readonly<Record<string, number>> = { 'E-BUS-PAYLOAD-TOO-LARGE': 413 };
