import { Counter, Gauge, type Registry } from 'prom-client';

import type { FrameLeader } from '../frame/frame-leader.ts';
import type { ArchiveDoor } from '../history/archive-door.ts';
import type { Sweeper } from '../history/sweeper.ts';
import type { LiveEstate } from '../live/live-estate.ts';
import type { BatchPublisher } from '../sampling/batch-publisher.ts';
import type { CycleCounts } from '../sampling/cycle-counts.ts';
import type { TargetSupervisor } from '../targets/supervisor.ts';

/** What the numbers are read from. */
export interface CollectorParts {
  readonly publisher: BatchPublisher;
  readonly cycles: CycleCounts;
  readonly live: LiveEstate;
  readonly door: ArchiveDoor;
  readonly sweeper: Sweeper;
  readonly supervisor: TargetSupervisor;
  readonly frames: FrameLeader;
}

type Numbers = Iterable<readonly [label: string, value: number]>;

/** Shows the collector's own numbers at `/metrics`. They are plain fields of the parts, read when somebody asks. */
export function exposeCollectorMetrics(registry: Registry, parts: CollectorParts): void {
  const { publisher, cycles, live, door, sweeper, supervisor, frames } = parts;
  const metric = (
    Kind: typeof Counter | typeof Gauge,
    name: string,
    help: string,
    label: string,
    read: () => Numbers,
  ): void => {
    const shown = new Kind({
      name: `seatrial_collector_${name}`,
      help,
      labelNames: [label],
      registers: [registry],
      collect: () => {
        shown.reset();
        for (const [value, number] of read()) shown.labels({ [label]: value }).inc(number);
      },
    });
  };
  metric(Counter, 'samples_total', 'Samples by what became of them', 'outcome', () => [
    ['published', publisher.published],
  ]);
  metric(Counter, 'dropped_samples_total', 'Samples that were lost, by reason', 'reason', () => [
    ['queue_full', publisher.dropped.queueFull],
    ['refused', publisher.dropped.refused],
    ['stopped', publisher.dropped.stopped],
    ['too_late', door.counts.tooLate],
  ]);
  metric(Counter, 'dropped_batches_total', 'Batches read from the stream and not taken, by reason', 'reason', () => [
    ['fenced', live.dropped.fenced],
    ['unfit', door.counts.invalid],
  ]);
  metric(Gauge, 'queue_depth', 'Batches that wait for the bus', 'queue', () => [['samples', publisher.depth]]);
  metric(
    Counter,
    'cycle_skipped_total',
    'Ticks left out because the one before took too long',
    'loop',
    () => cycles.skipped,
  );
  metric(Gauge, 'cycle_duration_seconds', 'Duration of the last cycle', 'loop', () => cycles.seconds);
  metric(Gauge, 'lag_seconds', 'Age of the newest sample', 'target', () =>
    [...cycles.sampledAtMs].map(([target, atMs]) => [target, Math.max(0, (Date.now() - atMs) / 1000)] as const),
  );
  metric(Gauge, 'lease_held', '1 while this process does the work', 'lease', () => [
    ...supervisor.held.map(({ id }) => [id, 1] as const),
    ['frame', frames.leads ? 1 : 0],
  ]);
  metric(Counter, 'frames_total', 'Frames by what became of them', 'outcome', () => [
    ['published', frames.counts.published],
    ['refused', frames.counts.refused],
  ]);
  metric(Counter, 'archive_total', 'What was done to the archive', 'what', () => [
    ['samples_written', door.counts.samples],
    ['failures', door.counts.failures],
    ['sweeps', sweeper.counts.done],
    ['sweep_failures', sweeper.counts.failed],
  ]);
}
