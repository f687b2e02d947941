import { SeatrialError } from '@seatrial/contracts';

/** No dead letter has this number. */
export class DeadLetterUnknown extends SeatrialError {
  static readonly code = 'E-DLQ-NOT-FOUND';
  constructor(sequence: number) {
    super(`there is no dead letter ${sequence}`, { code: DeadLetterUnknown.code, details: { sequence } });
  }
}
