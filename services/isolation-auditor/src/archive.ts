import { setTimeout as wait } from 'node:timers/promises';

import { SeatrialError } from '@seatrial/contracts';

/** Key under which the archive is injected. */
export const ARCHIVE = Symbol('archive');

/** Pause between two tries while the archive takes nothing, ms. */
const AGAIN_MS = 1_000;

/** Writes until the archive takes it: while its disk is full the message is not acknowledged and the stream keeps it. @throws what no retry can mend, and the reason of the signal */
export async function untilStored(write: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await write();
      return;
    } catch (error) {
      if (!(error instanceof SeatrialError && error.retryable)) throw error;
      signal.throwIfAborted();
      await wait(AGAIN_MS, undefined, { signal });
    }
  }
}
