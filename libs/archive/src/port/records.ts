/** JSON object that the archive keeps as it is. */
export type Document = Readonly<Record<string, unknown>>;

/** Newest first; `cursor` continues where `next` of the page before ended. */
export interface PageQuery {
  /** Only rows at or after, epoch ms. */
  readonly from?: number;
  /** Only rows before, epoch ms. */
  readonly to?: number;
  readonly cursor?: string;
  /** 1 to 500. @default 100 */
  readonly limit?: number;
}

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Absent on the last page. */
  readonly next?: string;
}

/** A change of state of one occurrence of a finding. Each state is reached at most once an occurrence. */
export interface FindingTransition {
  readonly state: string;
  /** Epoch ms. */
  readonly at: number;
  readonly reason?: string;
}

/** What the auditor reports: the finding as it is after a transition. */
export interface FindingChange extends FindingTransition {
  readonly fingerprint: string;
  /** Counts returns to open, from 1. */
  readonly occurrence: number;
  readonly checkId: string;
  readonly targetId: string;
  /** The whole finding, redacted. */
  readonly document: Document;
}

/** One occurrence of a finding with all its transitions, oldest first. */
export interface FindingHistory {
  readonly fingerprint: string;
  readonly occurrence: number;
  readonly checkId: string;
  readonly targetId: string;
  /** State and time of the last transition. */
  readonly state: string;
  readonly at: number;
  readonly transitions: readonly FindingTransition[];
  /** The finding as of its last transition. */
  readonly document: Document;
}

export interface FindingQuery extends PageQuery {
  readonly fingerprint?: string;
  readonly checkId?: string;
  readonly targetId?: string;
  readonly state?: string;
}

/** Unique by (fingerprint, occurrence). Redelivered and shuffled changes give the same rows. */
export interface FindingArchive {
  /** Resolves after the commit. @throws ArchiveFull, ArchiveUnreachable (both retryable) */
  record(changes: readonly FindingChange[]): Promise<void>;
  /** By time of the last transition. */
  list(query: FindingQuery): Promise<Page<FindingHistory>>;
}

/** One settled command. */
export interface AuditLogEntry {
  /** Id of the command; a second entry with the same id is ignored. */
  readonly id: string;
  /** Epoch ms. */
  readonly at: number;
  readonly actor: string;
  /** Subject of the command. */
  readonly subject: string;
  readonly document: Document;
}

export interface AuditLogQuery extends PageQuery {
  readonly actor?: string;
  readonly subject?: string;
}

/** Append-only record of who changed what. */
export interface AuditLog {
  append(entries: readonly AuditLogEntry[]): Promise<void>;
  list(query: AuditLogQuery): Promise<Page<AuditLogEntry>>;
}

/** Summary of one finished isolation audit. */
export interface AuditRun {
  /** Audit id; a second row with the same id is ignored. */
  readonly id: string;
  /** End, epoch ms. */
  readonly at: number;
  readonly platform: string;
  readonly document: Document;
}

export interface AuditRunQuery extends PageQuery {
  readonly id?: string;
  readonly platform?: string;
}

export interface AuditRuns {
  append(runs: readonly AuditRun[]): Promise<void>;
  list(query: AuditRunQuery): Promise<Page<AuditRun>>;
}
