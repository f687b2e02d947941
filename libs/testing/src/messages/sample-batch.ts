import { shardOf, type SampleBatch } from '@seatrial/contracts';

const METRICS = [
  'cpu.time',
  'memory.usage',
  'memory.working_set',
  'net.rx',
  'net.tx',
  'disk.read',
  'disk.write',
  'pids',
  'cpu.throttled',
  'uptime',
] as const;

/** A columnar batch of ten samples for each of some containers, all of one shard, as the collector sends them (20 containers: about 5 kB). */
export function sampleBatch(containers = 20): SampleBatch {
  const rs: string[] = [];
  for (let i = 0; rs.length < containers; i++) {
    const id = `local/${(i * 7_919).toString(16).padStart(64, '0')}`;
    if (shardOf(id) === 3) rs.push(id);
  }
  const rows = rs.flatMap((_, r) => METRICS.map((__, s) => ({ r, s })));
  return {
    v: 1,
    src: 'docker',
    tgt: 'local',
    f: 1,
    t0: 1_700_000_000_000,
    iv: 1,
    rs,
    ss: METRICS.map((name) => [`container.${name}`, {}]),
    ri: rows.map(({ r }) => r),
    si: rows.map(({ s }) => s),
    ts: rows.map(({ r }) => r),
    vs: rows.map(({ r, s }) => (r * 7_907 + s * 104_729) / 100),
  };
}
