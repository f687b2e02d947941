import { describe, expect, test } from 'vitest';
import { countersFromStats } from './from-stats.ts';

/** Engine 20.10 on cgroup v1, shortened to what is read. */
const V1 = {
  read: '2026-11-25T01:48:07.565123456Z',
  preread: '0001-01-01T00:00:00Z',
  pids_stats: { current: 1, limit: 50 },
  blkio_stats: {
    io_service_bytes_recursive: [
      { major: 8, minor: 0, op: 'Read', value: 4096 },
      { major: 8, minor: 0, op: 'Write', value: 8192 },
      { major: 8, minor: 0, op: 'Total', value: 12_288 },
    ],
    io_serviced_recursive: [],
  },
  cpu_stats: {
    cpu_usage: {
      total_usage: 46_185_586,
      percpu_usage: [23_092_793, 23_092_793],
      usage_in_kernelmode: 10_000_000,
      usage_in_usermode: 30_000_000,
    },
    system_cpu_usage: 3_570_000_000_000,
    online_cpus: 2,
    throttling_data: { periods: 2, throttled_periods: 1, throttled_time: 5 },
  },
  memory_stats: {
    usage: 1_851_392,
    max_usage: 4_000_000,
    stats: {
      cache: 1,
      rss: 2,
      total_cache: 1_134_592,
      total_rss: 57_344,
      total_inactive_file: 1_003_520,
      total_pgfault: 1153,
      total_pgmajfault: 1,
    },
    limit: 67_108_864,
  },
  networks: {
    eth0: {
      rx_bytes: 200,
      rx_packets: 2,
      rx_errors: 0,
      rx_dropped: 0,
      tx_bytes: 1,
      tx_packets: 3,
      tx_errors: 0,
      tx_dropped: 4,
    },
  },
};

/** The same on cgroup v2: no per-CPU list, other names of memory, small letters for block operations, the largest number for no limit. */
const V2 = {
  ...V1,
  pids_stats: { current: 1, limit: 2 ** 64 },
  blkio_stats: {
    io_service_bytes_recursive: [
      { major: 8, minor: 0, op: 'read', value: 4096 },
      { major: 8, minor: 0, op: 'write', value: 8192 },
    ],
    io_serviced_recursive: null,
  },
  cpu_stats: {
    ...V1.cpu_stats,
    cpu_usage: { total_usage: 46_185_586, usage_in_kernelmode: 10_000_000, usage_in_usermode: 30_000_000 },
  },
  memory_stats: {
    usage: 1_851_392,
    stats: { anon: 57_344, file: 1_134_592, inactive_file: 1_003_520, pgfault: 1153, pgmajfault: 1 },
    limit: 25_276_502_016,
  },
};

const CONTEXT = { epoch: 'started', hostMemoryBytes: 25_276_502_016 };

const COMMON = {
  atMs: Date.parse('2026-11-25T01:48:07.565Z'),
  epoch: 'started',
  cpuTotalNanos: 46_185_586,
  cpuUserNanos: 30_000_000,
  cpuSystemNanos: 10_000_000,
  cpuPeriods: 2,
  cpuThrottledPeriods: 1,
  cpuThrottledNanos: 5,
  memoryUsageBytes: 1_851_392,
  memoryWorkingSetBytes: 847_872,
  memoryRssBytes: 57_344,
  memoryCacheBytes: 1_134_592,
  pageFaults: 1153,
  majorPageFaults: 1,
  ioReadBytes: 4096,
  ioWriteBytes: 8192,
  pids: 1,
  network: [
    {
      name: 'eth0',
      rxBytes: 200,
      rxPackets: 2,
      rxErrors: 0,
      rxDropped: 0,
      txBytes: 1,
      txPackets: 3,
      txErrors: 0,
      txDropped: 4,
    },
  ],
};

test('an answer of a host with cgroup v1', () => {
  expect(countersFromStats(V1, CONTEXT)).toEqual({ ...COMMON, memoryLimitBytes: 67_108_864, pidsLimit: 50 });
});

test('an answer of a host with cgroup v2; the memory of the host is no limit', () => {
  expect(countersFromStats(V2, CONTEXT)).toEqual(COMMON);
});

describe('no reading', () => {
  test('a container that does not run: the engine sends the year 1 and zeros', () => {
    const stopped = {
      read: '0001-01-01T00:00:00Z',
      cpu_stats: { cpu_usage: { total_usage: 0 } },
      memory_stats: {},
      pids_stats: {},
    };
    expect(countersFromStats(stopped, CONTEXT)).toBeUndefined();
  });

  test.each([null, 'text', [], {}, { read: 'yesterday' }])('%j', (answer) => {
    expect(countersFromStats(answer, CONTEXT)).toBeUndefined();
  });
});

test('parts that are missing or malformed are absent', () => {
  const sample = countersFromStats(
    {
      read: V1.read,
      memory_stats: { usage: -1 },
      cpu_stats: { cpu_usage: { total_usage: 'much' } },
      networks: { eth0: { rx_bytes: 1 } },
    },
    CONTEXT,
  );
  expect(sample).toEqual({ atMs: COMMON.atMs, epoch: 'started' });
});
