import { z } from 'zod';

import { defineQuery } from '../define/contract.ts';
import { ResourceId, ResourceKind, ResourceRecord, TargetId, TargetState } from './model.ts';

/** Most rows of one page. */
export const MAX_PAGE = 500;
const page = { cursor: z.string().max(1024).exactOptional(), limit: z.int().min(1).max(MAX_PAGE).exactOptional() };
const query = { major: 1, owner: 'collector', role: 'viewer', callers: ['isolation-auditor'] } as const;

/** All targets with their health. */
export const TargetsList = defineQuery({
  ...query,
  type: 'estate.targets-list',
  data: {},
  reply: { targets: z.array(TargetState) },
  doc: 'Every configured target, also those that do not answer.',
});

/** Inventory, a page at a time, ordered by id. */
export const ResourcesList = defineQuery({
  ...query,
  type: 'estate.resources-list',
  data: {
    ...page,
    kinds: z.array(ResourceKind).max(16).exactOptional(),
    targets: z.array(TargetId).max(100).exactOptional(),
    /** Every label must match exactly; an empty value matches any. */
    labels: z.record(z.string(), z.string()).exactOptional(),
    /** Only objects with a relation to this one. */
    parent: ResourceId.exactOptional(),
  },
  reply: { resources: z.array(ResourceRecord), total: z.int().min(0), cursor: z.string().exactOptional() },
  doc: 'A page that would pass 256 KiB is cut earlier; the cursor continues it.',
});

/** One object, by resource id or by an unambiguous name or id prefix. */
export const ResourceGet = defineQuery({
  ...query,
  type: 'estate.resource-get',
  data: { id: z.string().min(1).max(512), kind: ResourceKind.exactOptional() },
  reply: {
    resource: ResourceRecord,
    /** Owner chain, nearest first. */
    owners: z.array(ResourceRecord),
    /** Ids of objects that relate to it. */
    dependents: z.array(ResourceId),
  },
  doc: 'Fails with E-ESTATE-NOT-FOUND (details.nearest) or E-ESTATE-INVALID when the prefix is ambiguous.',
});

const seriesId = { resource: ResourceId, metric: z.string().max(200), attrs: z.record(z.string(), z.string()) };

/** Last value of each series. */
export const MetricsLatest = defineQuery({
  ...query,
  type: 'estate.metrics-latest',
  data: { resources: z.array(ResourceId).min(1).max(MAX_PAGE), metrics: z.array(z.string()).max(100).exactOptional() },
  reply: {
    values: z.array(
      z.object({
        ...seriesId,
        /** Epoch ms. */
        t: z.int(),
        value: z.number(),
        unit: z.string(),
        /** Older than three intervals. */
        stale: z.boolean(),
      }),
    ),
  },
  doc: 'From the collector’s memory; a series that stopped is marked stale, never continued.',
});

export const Tier = z.enum(['native', '60s', '5m', '1h']);
export type Tier = z.infer<typeof Tier>;

/** Recorded values of series over a window. */
export const MetricsHistory = defineQuery({
  ...query,
  type: 'estate.metrics-history',
  data: {
    resources: z.array(ResourceId).min(1).max(100),
    metrics: z.array(z.string()).min(1).max(50),
    from: z.iso.datetime(),
    to: z.iso.datetime(),
    /** Wanted distance of points, s; the tier that fits is chosen and named in the reply. */
    stepS: z.int().min(1).max(86_400).exactOptional(),
  },
  reply: {
    tier: Tier,
    stepS: z.number(),
    series: z.array(
      z.object({
        ...seriesId,
        unit: z.string(),
        /** Epoch ms of each point. */
        t: z.array(z.int()),
        /** Mean of each point; null is a gap. */
        mean: z.array(z.number().nullable()),
        min: z.array(z.number().nullable()).exactOptional(),
        max: z.array(z.number().nullable()).exactOptional(),
        /** Present points over due points, 0-1. */
        coverage: z.number().min(0).max(1),
      }),
    ),
    simulated: z.boolean(),
  },
  doc: 'Fails with E-ESTATE-NO-DATA for an empty window. Gaps are null, never interpolated.',
});

/** Names, units and kinds of all metrics. */
export const MetricsCatalogue = defineQuery({
  ...query,
  type: 'estate.metrics-catalogue',
  data: {},
  reply: {
    metrics: z.array(
      z.object({
        name: z.string(),
        unit: z.string(),
        type: z.enum(['gauge', 'counter']),
        kinds: z.array(ResourceKind),
        attributes: z.array(z.string()),
        doc: z.string(),
      }),
    ),
  },
  doc: 'The metric catalogue of `libs/estate`.',
});
