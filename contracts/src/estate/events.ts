import { z } from 'zod';

import { defineEvent, type DataOf } from '../define/contract.ts';
import {
  AttributeValue,
  ResourceId,
  ResourceKind,
  ResourceRecord,
  SourceKind,
  TargetId,
  TargetState,
} from './model.ts';

const scope = { src: SourceKind, tgt: TargetId };

/** Changes of the inventory, in the order they were seen. */
export const ResourceChanged = defineEvent({
  type: 'estate.resource-changed',
  major: 1,
  owner: 'collector',
  key: { params: ['source', 'target', 'kind'], of: (d) => [d.src, d.tgt, d.kind] },
  data: {
    ...scope,
    kind: ResourceKind,
    changes: z
      .array(
        z.object({
          op: z.enum(['added', 'modified', 'removed']),
          id: ResourceId,
          /** Revision in the inventory bucket. */
          rev: z.int().min(0),
          before: ResourceRecord.exactOptional(),
          after: ResourceRecord.exactOptional(),
          /** Fields that differ, as JSON pointers. */
          changed: z.array(z.string()).max(200),
        }),
      )
      .min(1)
      .max(100),
  },
  doc: 'At most 100 changes a message. The baseline is read from the inventory bucket or by query, not from here.',
});
export type ResourceChange = DataOf<typeof ResourceChanged>['changes'][number];

/** End of a full listing of a target. */
export const ResourceSynced = defineEvent({
  type: 'estate.resource-synced',
  major: 1,
  owner: 'collector',
  key: { params: ['source', 'target'], of: (d) => [d.src, d.tgt] },
  data: {
    ...scope,
    reason: z.enum(['start', 'reconnect', 'periodic']),
    counts: z.record(z.string(), z.int().min(0)),
    removed: z.int().min(0),
    at: z.iso.datetime(),
  },
  doc: 'The inventory of this target is complete as of `at`.',
});

/** An event of a source, kept in the source's own words. */
export const SourceEvents = defineEvent({
  type: 'estate.source-event',
  major: 1,
  owner: 'collector',
  key: { params: ['source', 'target'], of: (d) => [d.src, d.tgt] },
  data: {
    ...scope,
    id: z.string().max(200),
    resource: ResourceId,
    kind: z.string().max(32),
    /** start, die, oom, ... */
    action: z.string().max(200),
    at: z.iso.datetime(),
    /** The source's own key, e.g. the nanosecond time. */
    native: z.string().max(200),
    attrs: z.record(z.string().max(256), AttributeValue),
  },
  doc: 'One event of a Docker engine, normalised.',
});
export type SourceEvent = DataOf<typeof SourceEvents>;

/** Health of a target changed. */
export const TargetChanged = defineEvent({
  type: 'estate.target-changed',
  major: 1,
  owner: 'collector',
  key: { params: ['target'], of: (d) => [d.target.id] },
  data: { target: TargetState, previous: TargetState.shape.health.exactOptional() },
  doc: 'A target went up, down or degraded; the code says why.',
});

/** Samples that are missing, so that nobody takes the gap for zero. */
export const GapRecorded = defineEvent({
  type: 'estate.gap-recorded',
  major: 1,
  owner: 'collector',
  key: { params: ['source', 'target'], of: (d) => [d.src, d.tgt] },
  data: {
    ...scope,
    from: z.iso.datetime(),
    to: z.iso.datetime().exactOptional(),
    state: z.enum(['open', 'lost']),
    reason: z.string().max(200),
  },
  doc: 'A source without a buffer did not answer: `open` while it lasts, `lost` with its end. Gaps are never interpolated.',
});
