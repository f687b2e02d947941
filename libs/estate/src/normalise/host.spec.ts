import { describe, expect, test } from 'vitest';

import { SampleColumns } from '../samples/columns.ts';
import { HostNormaliser } from './host.ts';
import type { CpuReading, HostReading } from './readings.ts';

const idle: CpuReading = {
  userNanos: 0,
  niceNanos: 0,
  systemNanos: 0,
  idleNanos: 0,
  iowaitNanos: 0,
  irqNanos: 0,
  softirqNanos: 0,
  stealNanos: 0,
};

function lastOf(...readings: readonly HostReading[]): (metric: string, ...attributes: string[]) => number | undefined {
  const normaliser = new HostNormaliser();
  let columns = new SampleColumns({ src: 'host', tgt: 'host', f: 1, t0: 0, iv: 10 });
  for (const reading of readings) {
    columns = new SampleColumns({ src: 'host', tgt: 'host', f: 1, t0: 0, iv: 10 });
    normaliser.add(columns, 'host/host', reading);
  }
  const [batch] = columns.take();
  return (metric, ...attributes) => {
    const si =
      batch?.ss.findIndex(([name, has]) => name === metric && Object.values(has).join() === attributes.join()) ?? -1;
    const row = batch?.si.indexOf(si) ?? -1;
    return row < 0 ? undefined : batch?.vs[row];
  };
}

describe('readings of a machine become samples', () => {
  test('utilization leaves out idle time and time spent waiting for a disk', () => {
    const value = lastOf(
      { atMs: 0, epoch: 'b', cpu: idle },
      {
        atMs: 1_000,
        epoch: 'b',
        cpu: { ...idle, userNanos: 20, systemNanos: 10, idleNanos: 50, iowaitNanos: 10, stealNanos: 10 },
      },
    );
    expect(value('system.cpu.utilization')).toBeCloseTo(0.4, 12);
    expect(value('system.cpu.steal.utilization')).toBeCloseTo(0.1, 12);
  });

  test('after a reboot there is no rate until the next reading', () => {
    const value = lastOf(
      { atMs: 0, epoch: 'b', cpu: idle },
      { atMs: 1_000, epoch: 'c', cpu: { ...idle, userNanos: 1 } },
    );
    expect(value('system.cpu.utilization')).toBeUndefined();
  });

  test('a machine without PSI has no pressure, not a pressure of zero', () => {
    const value = lastOf({ atMs: 0, memory: { totalBytes: 100, availableBytes: 25 } });
    expect(value('system.pressure', 'cpu', 'some', '10s')).toBeUndefined();
    expect(value('system.memory.utilization')).toBe(0.75);
    expect(value('system.memory.usage', 'used')).toBe(75);
  });

  test('a file system is as full as df says', () => {
    const columns = new SampleColumns({ src: 'host', tgt: 'host', f: 1, t0: 0, iv: 10 });
    // 1000 blocks, 400 free of which 50 are kept for root: df shows 600 / (600 + 350).
    new HostNormaliser().addFilesystems(columns, 'host/host', 0, [
      { mountPoint: '/', totalBytes: 1000, freeBytes: 400, availableBytes: 350 },
    ]);
    expect(columns.take()[0]?.vs).toEqual([600, 350, 600 / 950]);
  });
});
