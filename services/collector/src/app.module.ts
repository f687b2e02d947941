import { type DynamicModule, Module } from '@nestjs/common';
import type { ServiceContext } from '@seatrial/service';

import type { CollectorConfig } from './config.ts';
import { FrameLeader } from './frame/frame-leader.ts';
import { ArchiveDoor } from './history/archive-door.ts';
import { SampleArchiveHandlers } from './history/sample-archive.handlers.ts';
import { Sweeper } from './history/sweeper.ts';
import { LiveEstate } from './live/live-estate.ts';
import { archiveHealth, targetsHealth } from './metrics/parts-health.ts';
import { exposeCollectorMetrics } from './metrics/self-metrics.ts';
import { InventoryHandlers } from './queries/inventory.handlers.ts';
import { MetricsHandlers } from './queries/metrics.handlers.ts';
import { BatchPublisher } from './sampling/batch-publisher.ts';
import { CycleCounts } from './sampling/cycle-counts.ts';
import { makeTargets } from './targets/make-targets.ts';
import { retire } from './targets/retired.ts';
import { TargetSupervisor } from './targets/supervisor.ts';
import { twinOf } from './targets/twin.ts';

/** Handlers of the domain `estate`. */
@Module({ controllers: [SampleArchiveHandlers, InventoryHandlers, MetricsHandlers] })
export class CollectorModule {
  /** What the handlers are given. */
  static with(door: ArchiveDoor, live: LiveEstate): DynamicModule {
    return {
      module: CollectorModule,
      providers: [
        { provide: ArchiveDoor, useValue: door },
        { provide: LiveEstate, useValue: live },
      ],
    };
  }
}

/**
 * Opens the parts of the collector in the order in which they depend on each other; they close in the other order: no target is polled any more, what waits is
 * published, frames end, watches end, the archive is closed last.
 */
export async function collectorModule(context: ServiceContext<CollectorConfig>): Promise<DynamicModule> {
  const { config, settings, bus, log, health, metrics } = context;
  const door = await ArchiveDoor.to(config.archive, log);
  context.onClose('archive', () => door.close());
  health.register('archive', () => archiveHealth(door));
  const sweeper = new Sweeper(bus, log, door, config.archive);
  context.onClose('archive sweeps', () => sweeper.stop());

  const live = new LiveEstate(bus, log);
  context.onClose('live estate', () => live.stop());
  await live.start();
  const frames = new FrameLeader(bus, live, log);
  context.onClose('frames', () => frames.stop());

  const publisher = new BatchPublisher(bus, log);
  context.onClose('samples', () => publisher.stop(settings.drainSeconds * 1000));
  const cycles = new CycleCounts();
  const supervisor = new TargetSupervisor(bus, log);
  context.onClose('targets', () => supervisor.stop());
  health.register('targets', () => targetsHealth(supervisor));
  exposeCollectorMetrics(metrics, { publisher, cycles, live, door, sweeper, supervisor, frames });

  const targets = makeTargets(config, {
    bus,
    log,
    publisher,
    cycles,
    twinOf: (tgt, uuid) => twinOf(live.graph, tgt, uuid),
  });
  context.onBound(() => {
    supervisor.start(targets);
    frames.start();
    sweeper.start();
    retire(bus, log, new Set(targets.map(({ id }) => id))).catch((error: unknown) =>
      log.warn({ err: error }, 'targets that are not configured any more could not be taken out'),
    );
  });
  return CollectorModule.with(door, live);
}
