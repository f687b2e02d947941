import type { FindingChange } from '../port/records.ts';
import type { DirectSample, Mid, NativeRow, Series } from '../samples/rows.ts';
import type { DirectSlots, Fives, HourSlot, Minutes, SeriesHour } from '../samples/roll-up.ts';

/** A (resource, hour) window whose upper tiers are older than its samples. `token` changes with each new mark. */
export interface DirtyWindow {
  readonly r: string;
  readonly h: number;
  readonly token: string | number;
}

/** What to look for among dirty windows; hours are epoch ms of their start. */
export interface DirtyFilter {
  readonly resource?: string;
  readonly fromHour?: number;
  /** Exclusive. */
  readonly toHour?: number;
  readonly limit?: number;
}

/** One hour of one series as a tier stores it. */
export interface HourOf<T> {
  readonly mid: Mid;
  readonly h: number;
  readonly value: T;
}

export interface RolledWindow {
  readonly r: string;
  readonly h: number;
  readonly series: readonly SeriesHour[];
}

export type UpperTier = 'minutes' | 'fives' | 'hours';
export type RecordKind = 'findings' | 'auditLog' | 'auditRuns';

/** What each kind can be filtered by, besides `id`. */
export const RECORD_KEYS: Readonly<Record<RecordKind, readonly string[]>> = {
  findings: ['fingerprint', 'checkId', 'targetId', 'state'],
  auditLog: ['actor', 'subject'],
  auditRuns: ['platform'],
};

/** A row of the record collections. `keys` are what queries may filter by. */
export interface RecordRow {
  readonly id: string;
  readonly at: number;
  readonly keys: Readonly<Record<string, string>>;
  /** JSON text: user-given names in it must not become paths of a database. */
  readonly body: string;
}

export interface RecordFilter {
  readonly keys: Readonly<Record<string, string>>;
  readonly from?: number;
  readonly to?: number;
  /** Only rows that come after this one, newest first. */
  readonly after?: { readonly at: number; readonly id: string };
  readonly limit: number;
}

/** Samples and their tiers in a database. */
export interface SampleStore {
  /** Ids of series, made where missing. */
  resolve(series: readonly Series[]): Promise<Mid[]>;
  /** All series of these metrics. */
  seriesOf(metrics: readonly string[] | undefined): Promise<ReadonlyMap<Mid, Series>>;

  /** Adds rows and direct samples, then marks their windows dirty. Rows that exist gain missing values. Answers how many rows are new. */
  putSamples(native: readonly NativeRow[], direct: readonly DirectSample[]): Promise<number>;
  /** Native hours that hold samples, oldest first. */
  nativeHours(): Promise<number[]>;
  /** Rows of a resource in one native hour, in any order. */
  readNative(resource: string, hour: number): Promise<NativeRow[]>;
  /** Native hours before this one are gone, epoch ms; 0 when none was ever dropped. */
  horizon(): Promise<number>;
  /** Moves the horizon behind `hour`, then drops it. */
  dropNativeHour(hour: number): Promise<void>;

  /** Oldest first. */
  dirty(filter: DirtyFilter): Promise<DirtyWindow[]>;
  /** Removes marks that still have the token they were read with. */
  clean(windows: readonly DirtyWindow[]): Promise<void>;
  putRolled(windows: readonly RolledWindow[]): Promise<void>;

  /** Stored hours of series of one resource in [fromHour, toHour), by time. */
  readMinutes(resource: string, fromHour: number, toHour: number, mids?: ReadonlySet<Mid>): Promise<HourOf<Minutes>[]>;
  readFives(resource: string, fromHour: number, toHour: number, mids?: ReadonlySet<Mid>): Promise<HourOf<Fives>[]>;
  readDirect(
    resource: string,
    fromHour: number,
    toHour: number,
    mids?: ReadonlySet<Mid>,
  ): Promise<HourOf<DirectSlots>[]>;
  readHours(resource: string, fromHour: number, toHour: number, mids?: ReadonlySet<Mid>): Promise<HourOf<HourSlot>[]>;
  /** Deletes at most `limit` documents of windows before `before`, oldest first; answers how many. */
  deleteTier(tier: UpperTier, before: number, limit: number): Promise<number>;
}

/** Findings, audit log and audit runs in a database. */
export interface RecordStore {
  /** Adds rows; an id that exists keeps its row. */
  append(kind: 'auditLog' | 'auditRuns', rows: readonly RecordRow[]): Promise<void>;
  recordFindings(changes: readonly FindingChange[]): Promise<void>;
  /** By (at, id), newest first. */
  page(kind: RecordKind, filter: RecordFilter): Promise<RecordRow[]>;
  count(kind: RecordKind): Promise<number>;
  /** Deletes at most `limit` rows before `before`, oldest first, open findings excepted; answers how many. */
  deleteRecords(kind: RecordKind, before: number, limit: number): Promise<number>;
}

/**
 * What a database must be able to do. Every call is atomic by itself and idempotent; nothing spans two calls, so that databases without transactions qualify.
 * Implementations throw the classes of `errors.ts` for everything that is not a defect of ours.
 */
export interface Store {
  readonly samples: SampleStore;
  readonly records: RecordStore;
  /** Bytes in use, free space of the file not counted. */
  bytes(): Promise<number>;
  /** Fails when the database does not answer. */
  ping(): Promise<void>;
  /** Fails when the database does not take writes of ordinary size. */
  probe(): Promise<void>;
  close(): Promise<void>;
}
