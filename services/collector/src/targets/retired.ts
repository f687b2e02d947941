import type { Bus } from '@seatrial/bus';
import { CollectorLeases, TargetStates } from '@seatrial/contracts';
import type { ServiceLog } from '@seatrial/service';

import { InventoryWriter } from '../inventory/inventory-writer.ts';

/**
 * Takes targets out of the estate that the settings name no longer: what they showed would stand there for ever. One that another replica (with other settings) polls
 * is left alone: its lease is held.
 */
export async function retire(bus: Bus, log: ServiceLog, configured: ReadonlySet<string>): Promise<void> {
  const states = bus.bucket(TargetStates);
  for (const { key, value } of await states.entries()) {
    if (configured.has(key)) continue;
    await using lease = await bus.lease(CollectorLeases, key).tryAcquire();
    if (lease === undefined) continue;
    const inventory = await InventoryWriter.open(bus, log, { src: value.src, tgt: key });
    await inventory.clear();
    await states.delete(key);
    log.info({ target: key }, 'a target that is not configured any more was taken out of the estate');
  }
}
