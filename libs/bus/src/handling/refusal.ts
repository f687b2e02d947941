import { SeatrialError, type SeatrialErrorOptions } from '@seatrial/contracts';

/** Thrown by a command handler: the command is settled as `rejected` with this code, at once and without a retry. */
export class Rejected extends SeatrialError {
  constructor(message: string, options: SeatrialErrorOptions) {
    super(message, options);
  }
}

/** Thrown by a handler that knows that no retry can help: the message goes to the dead letters at once. */
export class Unrecoverable extends SeatrialError {
  constructor(message: string, options: SeatrialErrorOptions) {
    super(message, options);
  }
}
