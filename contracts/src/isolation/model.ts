import { z } from 'zod';

export const Platform = z.enum(['docker']);
export type Platform = z.infer<typeof Platform>;

export const Severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
export type Severity = z.infer<typeof Severity>;
/** Worst first. */
export const SEVERITIES = Severity.options;

export const CheckStatus = z.enum(['pass', 'fail', 'unknown', 'not-applicable', 'waived']);
export type CheckStatus = z.infer<typeof CheckStatus>;

/** From configuration, or from the kernel. */
export const Confidence = z.enum(['declared', 'effective']);
export type Confidence = z.infer<typeof Confidence>;

/** Names a target for a query: id or name prefix, or identity. */
export const TargetRef = z.object({
  platform: Platform,
  id: z.string().max(512).exactOptional(),
  identity: z.string().max(512).exactOptional(),
  host: z.string().max(256).exactOptional(),
});
export type TargetRef = z.infer<typeof TargetRef>;

/** What to audit; empty means everything. */
export const AuditScope = z.object({
  platforms: z.array(Platform).max(4).exactOptional(),
  /** Ids or names of containers. */
  targets: z.array(z.string().min(1).max(512)).max(500).exactOptional(),
  labels: z.record(z.string(), z.string()).exactOptional(),
});
export type AuditScope = z.infer<typeof AuditScope>;
export const AuditMode = z.enum(['declared', 'effective']);
export type AuditMode = z.infer<typeof AuditMode>;

/** Where a verdict comes from. Excerpts are redacted and at most 300 characters. */
export const Evidence = z.object({
  /** JSON pointer into the inspect document, or file and line under /proc. */
  ref: z.string().max(300),
  /** SHA-256 of the raw excerpt, hex, or its salted hash where it is a secret. */
  hash: z.string().max(64),
  excerpt: z.string().max(300),
});
export type Evidence = z.infer<typeof Evidence>;

export const FindingTarget = z.object({
  platform: Platform,
  /** Container id of this incarnation. */
  id: z.string().max(128),
  name: z.string().max(512),
  /** The same for every incarnation: compose service, or host and name. */
  identity: z.string().max(512),
  host: z.string().max(256),
  tenant: z.string().max(256),
  /** Hash of the normalised configuration. */
  configHash: z.string().max(64),
  image: z.string().max(512).exactOptional(),
  /** Belongs to the demo application. */
  demo: z.boolean().exactOptional(),
});
export type FindingTarget = z.infer<typeof FindingTarget>;

export const findingFields = {
  fingerprint: z.string().max(64),
  checkId: z.string().max(100),
  title: z.string().max(200),
  status: CheckStatus,
  /** After context. */
  severity: Severity,
  /** As in the catalogue. */
  severityBase: Severity,
  /** Not subsumed by another finding of the same target. */
  primary: z.boolean(),
  subsumedBy: z.string().max(100).exactOptional(),
  target: FindingTarget,
  /** One sentence: what was found, or what could not be known. */
  message: z.string().max(1000),
  remedy: z.string().max(1000),
  /** What the configuration says. */
  declared: z.string().max(300).exactOptional(),
  /** What the kernel says. */
  effective: z.string().max(300).exactOptional(),
  evidence: z.array(Evidence).max(50),
  /** Steps of an escape, for `dkr.path.host_escape`. */
  path: z.array(z.string().max(300)).max(20).exactOptional(),
  /** Unknown vulnerability classes needed to reach the host. */
  k: z.int().min(0).exactOptional(),
  firstSeen: z.iso.datetime(),
  lastSeen: z.iso.datetime(),
  /** Counts returns to open. */
  occurrence: z.int().min(1),
  confidence: Confidence,
  /** Its evidence was lost; it stays open. */
  stale: z.boolean().exactOptional(),
  simulated: z.boolean().exactOptional(),
} as const;

export const Finding = z.object(findingFields).meta({ title: 'finding' });
export type Finding = z.infer<typeof Finding>;

export const FindingState = z.enum(['open', 'resolved']);
export type FindingState = z.infer<typeof FindingState>;

const tally = z.record(z.string(), z.int().min(0));

/** Counts over verdicts, passes included. */
export const AuditSummary = z.object({
  targets: z.int().min(0),
  /** Verdicts by status. */
  status: tally,
  /** Primary failures by severity. */
  severity: tally,
  /** Groups of equal configuration and equal failures. */
  groups: z.int().min(0),
});
export type AuditSummary = z.infer<typeof AuditSummary>;

/** One audited target. */
export const TargetVerdict = z.object({
  platform: Platform,
  id: z.string(),
  name: z.string(),
  identity: z.string(),
  status: z.string(),
  demo: z.boolean().exactOptional(),
  /** Least number of unknown vulnerability classes from here to the host; null when it cannot be known. */
  k: z.object({ host: z.int().min(0).nullable() }),
  /** A (best) to F. */
  grade: z.enum(['A', 'B', 'C', 'D', 'E', 'F']),
  groupId: z.string(),
});
export type TargetVerdict = z.infer<typeof TargetVerdict>;
