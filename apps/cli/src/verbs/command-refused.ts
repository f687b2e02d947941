import { SeatrialError, type CommandSettled } from '@seatrial/contracts';

/** A command ended in something else than its effect; carries the code that its handler gave. */
export class CommandRefused extends SeatrialError {
  constructor({ type, outcome, code, message, hint }: CommandSettled) {
    super(message ?? `${type} was ${outcome}`, {
      code: code ?? 'E-BUS-HANDLER',
      ...(hint !== undefined && { hint }),
      details: { type, outcome },
    });
  }
}
