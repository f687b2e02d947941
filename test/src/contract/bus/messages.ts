import { shardOf, type DataOf, type ResourceSynced, type SampleBatch } from '@seatrial/contracts';

/** An event of the collector; `n` tells them apart. */
export function synced(n = 0): DataOf<typeof ResourceSynced> {
  return {
    src: 'docker',
    tgt: 'local',
    reason: 'periodic',
    counts: { container: n },
    removed: 0,
    at: '2026-01-02T03:04:05.000Z',
  };
}

/** A columnar batch of `containers` x 10 samples, as the collector sends them. */
export function batch(containers = 20): SampleBatch {
  const rs: string[] = [];
  for (let i = 0; rs.length < containers; i++) {
    const id = `local/${(i * 7_919).toString(16).padStart(64, '0')}`;
    if (shardOf(id) === 3) rs.push(id);
  }
  const metrics = [
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
  ];
  const rows = rs.flatMap((_, r) => metrics.map((__, s) => ({ r, s })));
  return {
    v: 1,
    src: 'docker',
    tgt: 'local',
    f: 1,
    t0: 1_700_000_000_000,
    iv: 1,
    rs,
    ss: metrics.map((name) => [`container.${name}`, {}]),
    ri: rows.map(({ r }) => r),
    si: rows.map(({ s }) => s),
    ts: rows.map(({ r }) => r),
    vs: rows.map(({ r, s }) => (r * 7_907 + s * 104_729) / 100),
  };
}
