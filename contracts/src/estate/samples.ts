import { z } from 'zod';

import { defineMetric, type DataOf } from '../define/contract.ts';
import { shardOf } from '../define/subject.ts';
import { ResourceId, SourceKind, TargetId } from './model.ts';

/** Most samples in one batch. */
export const MAX_BATCH_SAMPLES = 4096;

const column = z.array(z.int().min(0)).max(MAX_BATCH_SAMPLES);

/**
 * Columnar batch of samples: row i is resource `rs[ri[i]]`, series `ss[si[i]]` (metric name and attributes), time `t0 + ts[i]` ms, value `vs[i]`.
 * A missing value is a missing row. All resources of one batch belong to one shard (`shardOf`), so a reader of a shard sees each series in order.
 */
export const SampleBatches = defineMetric({
  type: 'estate.sample',
  major: 1,
  owner: 'collector',
  consumers: ['collector'],
  key: { params: ['source', 'target', 'shard'], of: (d) => [d.src, d.tgt, String(shardOf(d.rs[0] ?? ''))] },
  data: {
    v: z.literal(1),
    src: SourceKind,
    tgt: TargetId,
    /** Part k of n of a split target. */
    sp: z
      .string()
      .regex(/^[0-9]+\/[0-9]+$/)
      .exactOptional(),
    /** Fencing token of the poller's lease. */
    f: z.int().min(0),
    /** Epoch ms that `ts` counts from. */
    t0: z.int().min(0),
    /** Sample interval, s. */
    iv: z.number().positive(),
    /** Backfilled after an outage. */
    bf: z.boolean().exactOptional(),
    rs: z.array(ResourceId).max(MAX_BATCH_SAMPLES),
    ss: z.array(z.tuple([z.string().min(1).max(200), z.record(z.string(), z.string())])).max(MAX_BATCH_SAMPLES),
    ri: column,
    si: column,
    /** ms from t0; may be negative. */
    ts: z.array(z.int()).max(MAX_BATCH_SAMPLES),
    vs: z.array(z.number()).max(MAX_BATCH_SAMPLES),
  },
  doc: 'Samples of one target and shard. At most 4,096 samples or 256 KiB a message; invalid batches are counted and dropped.',
});
export type SampleBatch = DataOf<typeof SampleBatches>;

/** Why a batch that fits the schema is still malformed; JSON Schema cannot say these. Undefined when it is well formed. `nowMs` is the reader's clock. */
export function batchShapeError(batch: SampleBatch, nowMs: number): string | undefined {
  const rows = batch.vs.length;
  if (batch.ri.length !== rows || batch.si.length !== rows || batch.ts.length !== rows)
    return `columns differ in length: ri ${batch.ri.length}, si ${batch.si.length}, ts ${batch.ts.length}, vs ${rows}`;
  for (const index of batch.ri)
    if (index >= batch.rs.length) return `ri holds ${index}, but there are ${batch.rs.length} resources`;
  for (const index of batch.si)
    if (index >= batch.ss.length) return `si holds ${index}, but there are ${batch.ss.length} series`;
  for (const value of batch.vs) if (!Number.isFinite(value)) return 'vs holds a value that is not finite';
  if (batch.t0 > nowMs + FUTURE_MS) return `t0 lies ${Math.round((batch.t0 - nowMs) / 1000)} s in the future`;
  for (const offset of batch.ts) {
    const time = batch.t0 + offset;
    if (time < 0 || time > nowMs + FUTURE_MS)
      return `ts holds ${offset}: that is ${time < 0 ? 'before 1970' : 'in the future'}`;
  }
  const shards = new Set(batch.rs.map(shardOf));
  if (shards.size > 1) return `resources of ${shards.size} shards in one batch`;
  return undefined;
}

/** Clock difference between two machines that is still taken as skew. */
const FUTURE_MS = 5 * 60_000;
