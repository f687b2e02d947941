import { TargetId } from '@seatrial/contracts';
import { z } from 'zod';

const engine = z.strictObject({
  id: TargetId,
  /** `unix:///path`, `tcp://host:port`, `https://host:port`. */
  url: z.string().min(1),
  /** Files of the certificate authority and of our own certificate and key. */
  ca: z.string().exactOptional(),
  cert: z.string().exactOptional(),
  key: z.string().exactOptional(),
});

/** One engine whose containers are audited. */
export type EngineConfig = z.infer<typeof engine>;

/** Settings of the auditor; environment `SEATRIAL_ISOLATION_AUDITOR_<NAME>` in upper snake case, or a file. */
export const auditorConfig = z.strictObject({
  engines: z
    .array(engine)
    .min(1)
    .max(100)
    .default([{ id: 'docker', url: 'unix:///var/run/docker.sock' }]),
  /** Full comparison of engine and findings, s: the safety net below the events. */
  reconcileInterval: z.number().min(5).max(86_400).default(60),
  /** Mount point of the host’s procfs. */
  hostProc: z.string().startsWith('/').default('/proc'),
  /** File with the salt of the hashes of secrets; made at the first start. It stays on this machine. */
  saltFile: z.string().min(1).default('.seatrial/keys/isolation.salt'),
  /** Where the history is kept: `sqlite:<path>` or `mongodb://…`. */
  archive: z.string().min(1).default('sqlite:.seatrial/archive/isolation-auditor.db'),
  /** Paths that may be mounted from the host. */
  allowPaths: z.array(z.string().startsWith('/')).max(200).default([]),
  /** Cgroup parents that containers may name. */
  allowCgroupParents: z.array(z.string()).max(200).default([]),
});
export type AuditorConfig = z.infer<typeof auditorConfig>;
