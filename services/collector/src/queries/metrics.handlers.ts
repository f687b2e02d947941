import { Handles } from '@seatrial/bus';
import { MetricsHistory, MetricsLatest, type DataOf, type ReplyOf } from '@seatrial/contracts';
import { isStale, unitOf } from '@seatrial/estate';
import { Controller } from '@nestjs/common';

import { WindowEmpty, WindowInvalid } from '../errors.ts';
import { ArchiveDoor } from '../history/archive-door.ts';
import { LiveEstate } from '../live/live-estate.ts';
import { fitting } from './fitting.ts';

/** Answers what was measured. */
@Controller()
export class MetricsHandlers {
  constructor(
    private readonly live: LiveEstate,
    private readonly door: ArchiveDoor,
  ) {}

  @Handles(MetricsLatest)
  async latest({ resources, metrics }: DataOf<typeof MetricsLatest>): Promise<ReplyOf<typeof MetricsLatest>> {
    const nowMs = Date.now();
    const wanted = metrics === undefined ? undefined : new Set(metrics);
    const values = resources.flatMap((resource) =>
      [...this.live.values.of(resource)].filter(({ metric }) => wanted?.has(metric) ?? true),
    );
    return fitting(`${values.length} values`, {
      values: values.map((last) => ({
        resource: last.resource,
        metric: last.metric,
        attrs: last.attributes,
        t: last.t,
        value: last.value,
        unit: unitOf(last.metric),
        stale: isStale(last, nowMs),
      })),
    });
  }

  @Handles(MetricsHistory)
  async history({
    resources,
    metrics,
    from,
    to,
    stepS,
  }: DataOf<typeof MetricsHistory>): Promise<ReplyOf<typeof MetricsHistory>> {
    if (Date.parse(to) <= Date.parse(from)) throw new WindowInvalid(from, to);
    const range = await this.door.archive.samples.range({
      resources,
      metrics,
      from: Date.parse(from),
      to: Date.parse(to),
      ...(stepS !== undefined && { step: stepS * 1000 }),
    });
    if (range.series.every(({ t }) => t.length === 0)) throw new WindowEmpty(from, to);
    return fitting(`${range.series.length} series`, {
      tier: range.tier,
      stepS: range.stepMs / 1000,
      series: range.series.map(({ resource, metric, attributes, t, mean, min, max, coverage }) => ({
        resource,
        metric,
        attrs: { ...attributes },
        unit: unitOf(metric),
        t: [...t],
        mean: [...mean],
        ...(min !== undefined && { min: [...min] }),
        ...(max !== undefined && { max: [...max] }),
        // A series with samples in a window too short for one to be due has all that was due.
        coverage: coverage.ratio ?? 1,
      })),
      simulated: resources.some((id) => this.live.graph.get(id)?.simulated === true),
    });
  }
}
