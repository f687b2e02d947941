import { SeatrialError } from '@seatrial/contracts';
import { pidOf, type ProcessMark } from './mark.ts';

/** Another process holds a lock of this checkout and does not let go in time. */
export class LockHeld extends SeatrialError {
  static readonly code = 'E-CONFLICT-LOCK';
  constructor(path: string, holder: ProcessMark) {
    super(`process ${pidOf(holder)} holds ${path}`, {
      code: LockHeld.code,
      hint: `Wait for it to finish, or end it: kill ${pidOf(holder)}`,
      retryable: true,
      details: { path, pid: pidOf(holder) },
    });
  }
}
