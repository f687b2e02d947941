import type { AuditLog, AuditRuns, FindingArchive } from './records.ts';
import type { SampleArchive } from './samples.ts';

/** How long each kind of history stays. */
export interface Retention {
  /** Age at which a native hour is dropped whole, ms. @default 4 h */
  readonly nativeMs?: number;
  /** @default 7 d; by UTC hour */
  readonly minutesMs?: number;
  /** 5 m tier. @default 90 d; by UTC day */
  readonly fivesMs?: number;
  /** 1 h tier. @default 2 y; by UTC month */
  readonly hoursMs?: number;
  /** Findings that are not open, by last transition. @default 90 d */
  readonly findingsMs?: number;
  /** @default 2 y */
  readonly auditLogMs?: number;
  /** @default 90 d */
  readonly auditRunsMs?: number;
  /** Most rows of findings, audit log and audit runs, each; open findings are never removed. @default 1,000,000 */
  readonly maxRecords?: number;
  /** Size of the database at which the oldest samples go, finest tier first, bytes. @default none */
  readonly maxBytes?: number;
}

/** What one `sweep` did; counts are rows (documents) unless said otherwise. */
export interface SweepReport {
  /** (resource, hour) windows that were rolled up. */
  readonly rolledUp: number;
  /** Native hours dropped. */
  readonly nativeHours: number;
  readonly minutes: number;
  readonly fives: number;
  readonly hours: number;
  readonly findings: number;
  readonly auditLog: number;
  readonly auditRuns: number;
  /** The database is still larger than `maxBytes`: what is left is too young to go, or removing freed nothing yet. */
  readonly overBytes: boolean;
}

export interface ArchiveHealth {
  readonly status: 'ok' | 'degraded';
  /** Stable code of what is wrong, e.g. `E-ARCHIVE-FULL`. */
  readonly code?: string;
  readonly message?: string;
  /** Epoch ms since when. */
  readonly since?: number;
}

/**
 * History of one service. Every promise of a write resolves after its commit, every read sees the writes that resolved before it, and no call blocks the event loop of the
 * caller for more than 10 ms.
 *
 * Errors of every call: `ArchiveFull`, `ArchiveUnreachable`, `ArchiveIo` (retryable), `ArchiveCorrupt`, `ArchiveClosed`.
 */
export interface Archive extends AsyncDisposable {
  readonly samples: SampleArchive;
  readonly findings: FindingArchive;
  readonly auditLog: AuditLog;
  readonly auditRuns: AuditRuns;
  /**
   * Rolls up hours that ended 15 min ago or gained late samples, then removes what is too old or too much, oldest first, in slices of 1000. Call it every 10 min; a second call
   * while one runs joins it. Of several processes on one database one sweeps (a lease decides which): two could put an older roll-up over a newer one.
   */
  sweep(): Promise<SweepReport>;
  /** `degraded` from the first failed write until one succeeds; asks the database itself while degraded. Never rejects. */
  health(): Promise<ArchiveHealth>;
  /** Waits for calls under way, then closes. Safe to repeat. */
  close(): Promise<void>;
}
