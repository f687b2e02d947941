import { z } from 'zod';

import { defineMetric, type DataOf } from '../define/contract.ts';
import { keyToken } from '../define/subject.ts';
import { SourceKind, TargetHealth, TargetId } from './model.ts';

const usage = z.object({ used: z.number().nullable(), capacity: z.number().nullable(), util: z.number().nullable() });
const rate = z.object({ rx: z.number().nullable(), tx: z.number().nullable() });

/** The rolled-up state of a scope, once a second, for live views: `null` means not measured. At most 10 kB. */
export const Frames = defineMetric({
  type: 'estate.frame',
  major: 1,
  owner: 'collector',
  key: { params: ['scope'], of: (d) => [keyToken(d.scope)] },
  data: {
    v: z.literal(1),
    /** Epoch ms at the collector. */
    t: z.int().min(0),
    /** `estate`, `src-<source>`, `tgt-<target>`. */
    scope: z.string().max(64),
    seq: z.int().min(0),
    simulated: z.boolean(),
    counts: z.record(z.string(), z.object({ total: z.int().min(0), byStatus: z.record(z.string(), z.int().min(0)) })),
    /** Cores used, cores there, 0-1. */
    cpu: usage,
    /** Bytes. */
    memory: usage,
    /** Bytes of the file systems. */
    disk: usage,
    /** Bytes a second. */
    net: rate,
    /** PSI `some avg10`, %. */
    pressure: z.object({ cpu: z.number().nullable(), memory: z.number().nullable(), io: z.number().nullable() }),
    /** At most 10 a metric, largest first. */
    top: z.object({
      cpu: z.array(z.object({ id: z.string(), value: z.number() })).max(10),
      memory: z.array(z.object({ id: z.string(), value: z.number() })).max(10),
    }),
    /** Direct children as columns, largest memory first, cut to fit; `more` were left out. */
    children: z.object({
      id: z.array(z.string()),
      /** Cores. */
      cpu: z.array(z.number().nullable()),
      /** Bytes. */
      memory: z.array(z.number().nullable()),
      state: z.array(z.string()),
      simulated: z.array(z.boolean()),
      more: z.int().min(0),
    }),
    sources: z.array(
      z.object({
        tgt: TargetId,
        src: SourceKind,
        health: TargetHealth,
        lagMs: z.number().nullable(),
        /** Share of due samples that arrived in the last minute, 0-1. */
        coverage: z.number().nullable(),
      }),
    ),
    /** Metrics that could not be read. */
    failed: z.array(z.string()),
    flags: z.array(z.string()),
  },
  doc: 'Published once a second per scope, also when nothing changed. The only stream a live view needs.',
});
export type Frame = DataOf<typeof Frames>;
