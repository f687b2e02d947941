export { openArchive, type ArchiveOptions } from './open-archive.ts';
export { openArchiveLate, type LateArchiveOptions } from './late-archive.ts';
export type { Archive, ArchiveHealth, Retention, SweepReport } from './port/archive.ts';
export type {
  AuditLog,
  AuditLogEntry,
  AuditLogQuery,
  AuditRun,
  AuditRunQuery,
  AuditRuns,
  Document,
  FindingArchive,
  FindingChange,
  FindingHistory,
  FindingQuery,
  FindingTransition,
  Page,
  PageQuery,
} from './port/records.ts';
export type {
  Coverage,
  LatestQuery,
  LatestSample,
  RangeQuery,
  RangeResult,
  SampleArchive,
  SeriesRange,
  Tier,
  WriteReceipt,
} from './port/samples.ts';
export { ArchiveClosed, ArchiveCorrupt, ArchiveFull, ArchiveInvalid, ArchiveIo, ArchiveUnreachable } from './errors.ts';
