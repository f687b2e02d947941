import { type Delivery, Handles } from '@seatrial/bus';
import { type SampleBatch, SampleBatches } from '@seatrial/contracts';
import { Controller } from '@nestjs/common';

import { ArchiveDoor } from './archive-door.ts';

/** As long as the archive takes nothing the messages are held, not given back: deliveries must not run out. Longer than the stream keeps them. */
const MAX_HANDLER_MS = 24 * 3_600_000;

/** Writes the sample stream into the archive. A batch is acknowledged after its commit; while the archive is full nothing is, so the stream keeps the samples. */
@Controller()
export class SampleArchiveHandlers {
  constructor(private readonly door: ArchiveDoor) {}

  @Handles(SampleBatches, { concurrency: 32, maxHandlerMs: MAX_HANDLER_MS })
  async store(batch: SampleBatch, delivery: Delivery): Promise<void> {
    await this.door.store(batch, delivery.signal);
  }
}
