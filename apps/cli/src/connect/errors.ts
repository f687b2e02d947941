import { SeatrialError, type SomeContract } from '@seatrial/contracts';

import type { Connection } from './connection.ts';

/** No dead letter has this number. */
export class DeadLetterUnknown extends SeatrialError {
  static readonly code = 'E-DLQ-NOT-FOUND';
  constructor(sequence: number) {
    super(`there is no dead letter ${sequence}`, { code: DeadLetterUnknown.code, details: { sequence } });
  }
}

/** The bus refuses a message to this person. */
class NotAllowed extends SeatrialError {
  static readonly code = 'E-PERM-PUBLISH';
  constructor(contract: SomeContract, { user, role }: Connection, cause: unknown) {
    const least = 'role' in contract && contract.role !== 'service' ? contract.role : undefined;
    super(`${user} (${role}) may not send ${contract.type}`, {
      code: NotAllowed.code,
      cause,
      hint:
        least === undefined
          ? `Only services send ${contract.type}.`
          : `The role ${least} or a higher one may: name its key with --creds.`,
      details: { subject: contract.subject, user, role, ...(least !== undefined && { needs: least }) },
    });
  }
}

/** A refusal of the server with the role that would be enough; any other error as it is. */
export function explainRefusal(error: unknown, contract: SomeContract, connection: Connection): unknown {
  return error instanceof SeatrialError && error.code === NotAllowed.code
    ? new NotAllowed(contract, connection, error)
    : error;
}
