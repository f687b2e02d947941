import type { SampleBatch } from '@seatrial/contracts';

/** Resolutions that are kept; see `TIERS` for their steps. */
export type Tier = 'native' | '60s' | '5m' | '1h';

/** What became of the samples of one `write`. */
export interface WriteReceipt {
  /** Samples in the batches. */
  readonly samples: number;
  /** (resource, time) rows that are new. The others were there already, or gained series. */
  readonly rowsAdded: number;
  /** Samples whose native hour was dropped before they came; they are not kept. */
  readonly tooLate: number;
}

/** Asks for values of series over a window. */
export interface RangeQuery {
  /** Resource ids, 1 to 500. */
  readonly resources: readonly string[];
  /** Metric names; every attribute set of a metric is a series of its own. */
  readonly metrics: readonly string[];
  /** Start, epoch ms, inclusive; aligned down to the step. */
  readonly from: number;
  /** End, epoch ms, exclusive; aligned up to the step. */
  readonly to: number;
  /** Distance of points, ms; `raw` gives the samples as they were taken (native tier only). @default 'auto' */
  readonly step?: number | 'raw' | 'auto';
  /** @default 'auto': the coarsest tier that is fine enough for the step and still holds `from` */
  readonly tier?: Tier | 'auto';
}

/** Present samples against those that were due by the interval of the series. */
export interface Coverage {
  readonly present: number;
  readonly due: number;
  /** present / due, 0-1; null when nothing was due. */
  readonly ratio: number | null;
}

/** Columns of one series; all have the length of `t`. A gap is null and never interpolated. */
export interface SeriesRange {
  readonly resource: string;
  readonly metric: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Start of each slot, or the time of each sample when raw, epoch ms. A raw gap has one null point where the next sample was due. */
  readonly t: readonly number[];
  /** Mean, weighted by the number of samples. */
  readonly mean: readonly (number | null)[];
  /** Smallest and largest sample; absent for tier `60s`, which keeps means only. */
  readonly min?: readonly (number | null)[];
  readonly max?: readonly (number | null)[];
  /** Samples behind each point. */
  readonly count: readonly number[];
  readonly coverage: Coverage;
}

export interface RangeResult {
  /** The tier that was read. */
  readonly tier: Tier;
  /** Distance of points, ms; 0 when raw. */
  readonly stepMs: number;
  /** The window after alignment. */
  readonly from: number;
  readonly to: number;
  /** Series with at least one sample in the window, by resource, metric, attributes. */
  readonly series: readonly SeriesRange[];
}

export interface LatestQuery {
  readonly resources: readonly string[];
  /** @default every metric */
  readonly metrics?: readonly string[];
  /** How far back to look, ms. @default 15 min, at most what the native tier keeps */
  readonly lookbackMs?: number;
}

/** Last value of a series. */
export interface LatestSample {
  readonly resource: string;
  readonly metric: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Epoch ms. */
  readonly t: number;
  readonly value: number;
  /** Sample interval, s: how old a value may be before it is stale. */
  readonly intervalS: number;
}

/**
 * Samples and their roll-ups.
 *
 * Each tier is a pure function of its source tier, so redelivered, shuffled and late batches give equal tiers. Of two values for one (series, time) the one with the
 * higher fencing token counts, then the larger one.
 */
export interface SampleArchive {
  /**
   * Resolves after the commit of all batches: only then may their messages be acknowledged. Safe to repeat.
   * When it fails, some batches may be stored; write all of them again.
   * @throws ArchiveFull (retryable), ArchiveUnreachable (retryable), ArchiveInvalid for a malformed batch
   */
  write(batches: readonly SampleBatch[]): Promise<WriteReceipt>;
  /** Values over a window. Hours that are not rolled up yet are computed from the samples. @throws ArchiveInvalid */
  range(query: RangeQuery): Promise<RangeResult>;
  /** Last values from the native tier. */
  latest(query: LatestQuery): Promise<readonly LatestSample[]>;
}
