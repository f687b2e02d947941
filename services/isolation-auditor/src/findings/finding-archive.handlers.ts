import type { Archive } from '@seatrial/archive';
import { type Delivery, Handles } from '@seatrial/bus';
import { FindingChanged, type DataOf } from '@seatrial/contracts';
import { Controller, Inject } from '@nestjs/common';

import { ARCHIVE, untilStored } from '../archive.ts';

/** While the archive takes nothing a message is held, not given back: deliveries must not run out. */
const MAX_HANDLER_MS = 24 * 3_600_000;

/** Writes the history of findings from their stream: a change is acknowledged after its commit, so a full archive loses nothing. */
@Controller()
export class FindingArchiveHandlers {
  constructor(@Inject(ARCHIVE) private readonly archive: Archive) {}

  @Handles(FindingChanged, { maxHandlerMs: MAX_HANDLER_MS })
  async keep(change: DataOf<typeof FindingChanged>, { signal }: Delivery): Promise<void> {
    const { fingerprint, occurrence, checkId, state, reason } = change;
    const row = {
      fingerprint,
      occurrence,
      checkId,
      targetId: change.target.identity,
      state,
      at: Date.parse(change.lastSeen),
      ...(reason !== undefined && { reason }),
      document: { ...change },
    };
    await untilStored(() => this.archive.findings.record([row]), signal);
  }
}
