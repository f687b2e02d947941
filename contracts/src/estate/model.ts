import { z } from 'zod';

export const SourceKind = z.enum(['docker', 'host']);
export type SourceKind = z.infer<typeof SourceKind>;

/** Configured endpoint, `[a-z0-9-]{1,32}`. */
export const TargetId = z.string().regex(/^[a-z0-9-]{1,32}$/);

/** `<target id>/<native id>`. */
export const ResourceId = z.string().min(3).max(512);

export const ResourceKind = z.enum(['host', 'engine', 'container', 'image', 'network', 'volume']);
export type ResourceKind = z.infer<typeof ResourceKind>;

export const RelationType = z.enum([
  'contained-in',
  'runs-on',
  'member-of',
  'stored-on',
  'connected-to',
  'managed-by',
  'backed-by',
]);
export type RelationType = z.infer<typeof RelationType>;

export const Relation = z.object({
  type: RelationType,
  to: ResourceId,
  /** What proves it, e.g. `machine-id`. */
  evidence: z.string().max(200).exactOptional(),
  /** 0-1; absent means certain. Below 1 it is never used for control. */
  confidence: z.number().min(0).max(1).exactOptional(),
});
export type Relation = z.infer<typeof Relation>;

/** Attribute values: text, numbers and flags only, so that they fit a table and an index. */
export const AttributeValue = z.union([z.string().max(2048), z.number(), z.boolean()]);

export const resourceFields = {
  id: ResourceId,
  tgt: TargetId,
  src: SourceKind,
  kind: ResourceKind,
  name: z.string().max(512),
  native: z.string().max(512),
  uuid: z.string().max(128).exactOptional(),
  /** The source's own word: running, exited, paused, up, ... */
  status: z.string().max(64),
  attrs: z.record(z.string().max(128), AttributeValue),
  labels: z.record(z.string().max(256), z.string().max(2048)),
  rel: z.array(Relation).max(500),
  simulated: z.boolean().exactOptional(),
  /** SHA-256 of the record without rev, digest and times: a record is written only when it changes. */
  digest: z.string().max(64),
  firstSeen: z.iso.datetime(),
  lastSeen: z.iso.datetime(),
} as const;

/** One object of the estate, as in the inventory bucket. */
export const ResourceRecord = z.object(resourceFields).meta({ title: 'resource record' });
export type ResourceRecord = z.infer<typeof ResourceRecord>;

export const TargetHealth = z.enum(['ok', 'degraded', 'down', 'not-configured']);
export type TargetHealth = z.infer<typeof TargetHealth>;

/** State of one target. */
export const TargetState = z.object({
  id: TargetId,
  src: SourceKind,
  /** Address without credentials. */
  address: z.string().max(512),
  health: TargetHealth,
  code: z.string().max(64).exactOptional(),
  message: z.string().max(1000).exactOptional(),
  hint: z.string().max(1000).exactOptional(),
  version: z.string().max(128).exactOptional(),
  /** What can be measured here, e.g. `cgroup-v1`, `psi`, `engine-api`. */
  capabilities: z.array(z.string().max(64)).max(32),
  /** Objects by kind. */
  counts: z.record(z.string(), z.int().min(0)),
  since: z.iso.datetime(),
  lastSampleAt: z.iso.datetime().exactOptional(),
  simulated: z.boolean().exactOptional(),
});
export type TargetState = z.infer<typeof TargetState>;
