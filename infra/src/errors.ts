import { SeatrialError } from '@seatrial/contracts';

/** A key file is missing its protection, is no seed, or is somebody else's. */
export class KeysUnusable extends SeatrialError {
  static readonly code = 'E-AUTH-KEYS';
  constructor(path: string, reason: string, hint: string, cause?: unknown) {
    super(`${path}: ${reason}`, { code: KeysUnusable.code, hint, cause, details: { path } });
  }
}

/** A stream, bucket or durable on the server cannot be made what the registry says without losing data. */
export class ProvisionRefused extends SeatrialError {
  static readonly code = 'E-BUS-PROVISION';
  constructor(name: string, reason: string, hint: string, cause?: unknown) {
    super(`${name}: ${reason}`, { code: ProvisionRefused.code, hint, cause, details: { name } });
  }
}

/** The server does not answer, or refuses the key of the provisioner. */
export class ProvisionUnreachable extends SeatrialError {
  static readonly code = 'E-BUS-UNREACHABLE';
  constructor(url: string, cause: unknown) {
    super(`cannot provision ${url}: ${cause instanceof Error ? cause.message : String(cause)}`, {
      code: ProvisionUnreachable.code,
      cause,
      hint: 'Is the broker running, and is this the key of its provisioner?',
      retryable: true,
    });
  }
}
