import { Handles } from '@seatrial/bus';
import {
  MetricsCatalogue,
  ResourceGet,
  ResourcesList,
  TargetsList,
  type DataOf,
  type ReplyOf,
} from '@seatrial/contracts';
import { findResource, METRICS } from '@seatrial/estate';
import { Controller } from '@nestjs/common';

import { ResourceAmbiguous, ResourceUnknown } from '../errors.ts';
import { LiveEstate } from '../live/live-estate.ts';
import { pageOf } from './page.ts';

/** Answers what is in the estate. */
@Controller()
export class InventoryHandlers {
  constructor(private readonly live: LiveEstate) {}

  @Handles(TargetsList)
  async targets(): Promise<ReplyOf<typeof TargetsList>> {
    return { targets: this.live.targets };
  }

  @Handles(ResourcesList)
  async list({
    kinds,
    targets,
    labels,
    parent,
    ...page
  }: DataOf<typeof ResourcesList>): Promise<ReplyOf<typeof ResourcesList>> {
    const wanted = Object.entries(labels ?? {});
    const matching = [...this.live.graph.records].filter(
      (record) =>
        (kinds?.includes(record.kind) ?? true) &&
        (targets?.includes(record.tgt) ?? true) &&
        (parent === undefined || record.rel.some(({ to }) => to === parent)) &&
        wanted.every(
          ([name, value]) => record.labels[name] !== undefined && (value === '' || record.labels[name] === value),
        ),
    );
    const { rows, ...rest } = pageOf(matching, page);
    return { resources: rows, ...rest };
  }

  @Handles(ResourceGet)
  async get({ id, kind }: DataOf<typeof ResourceGet>): Promise<ReplyOf<typeof ResourceGet>> {
    const found = findResource(this.live.graph.records, id, kind);
    if ('ambiguous' in found)
      throw new ResourceAmbiguous(
        id,
        found.ambiguous.map((record) => record.id),
      );
    if ('nearest' in found) throw new ResourceUnknown(id, found.nearest);
    const { record: resource } = found;
    return {
      resource,
      owners: this.live.graph.ownersOf(resource.id),
      dependents: this.live.graph.dependentsOf(resource.id).slice(0, MAX_DEPENDENTS),
    };
  }

  @Handles(MetricsCatalogue)
  async catalogue(): Promise<ReplyOf<typeof MetricsCatalogue>> {
    return {
      metrics: METRICS.map(({ name, unit, type, kinds, attributes, doc }) => ({
        name,
        unit,
        type,
        kinds: [...kinds],
        attributes: [...attributes],
        doc,
      })),
    };
  }
}

/** Ids of one answer; 2,000 are some 180 kB. */
const MAX_DEPENDENTS = 2_000;
