import { TargetId } from '@seatrial/contracts';
import { parseEngineUrl } from '@seatrial/docker';
import { z } from 'zod';

/** The parser of the engine client decides; what it says is repeated where the URL is used. */
function isEngineUrl(url: string): boolean {
  try {
    parseEngineUrl(url);
    return true;
  } catch {
    return false;
  }
}

const target = z.discriminatedUnion('src', [
  z.strictObject({
    id: TargetId,
    src: z.literal('docker'),
    /** `unix:///path`, `tcp://host:port`, `https://host:port`. */
    url: z.string().min(1).refine(isEngineUrl, 'is not the URL of a Docker engine'),
    /** Files of the certificate authority and of our own certificate and key. */
    ca: z.string().exactOptional(),
    cert: z.string().exactOptional(),
    key: z.string().exactOptional(),
  }),
  z.strictObject({ id: TargetId, src: z.literal('host') }),
]);

/** Settings of the collector; environment `SEATRIAL_COLLECTOR_<NAME>` in upper snake case, or a file. */
export const collectorConfig = z.strictObject({
  /** What to watch. */
  targets: z
    .array(target)
    .min(1)
    .max(200)
    .refine((targets) => new Set(targets.map(({ id }) => id)).size === targets.length, 'two targets have the same id')
    .refine((targets) => targets.every(({ id }) => id !== 'frame'), 'a target cannot be called frame')
    .default([
      { id: 'docker', src: 'docker', url: 'unix:///var/run/docker.sock' },
      { id: 'host', src: 'host' },
    ]),
  /** Interval of the cgroup reader and of the host, s. */
  interval: z.number().min(1).max(3600).default(10),
  /** Interval of engines that are read through their API, s. */
  apiInterval: z.number().min(5).max(3600).default(15),
  /** Full listing of every engine, s; events keep the inventory up to date in between. */
  resyncInterval: z.number().min(10).max(86_400).default(300),
  /** Where the history is kept: `sqlite:<path>` or `mongodb://…`. */
  archive: z.string().min(1).default('sqlite:.seatrial/archive/collector.db'),
  /** Mount point of the host’s procfs. */
  hostProc: z.string().startsWith('/').default('/proc'),
  /** Mount point of the host’s sysfs. */
  hostSys: z.string().startsWith('/').default('/sys'),
});
export type CollectorConfig = z.infer<typeof collectorConfig>;
