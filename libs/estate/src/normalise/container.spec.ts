import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { CONTAINER } from '../metrics/container.ts';
import { SampleColumns } from '../samples/columns.ts';
import { ContainerNormaliser } from './container.ts';
import type { ContainerReading } from './readings.ts';

const head = { src: 'docker', tgt: 'docker', f: 7, t0: 1_000_000, iv: 10 } as const;

/** Samples of the last reading, as `metric{attributes}` to value. */
function samplesOf(...readings: readonly ContainerReading[]): Map<string, number> {
  const normaliser = new ContainerNormaliser();
  let last = new SampleColumns(head);
  for (const reading of readings) {
    last = new SampleColumns(head);
    normaliser.add(last, 'docker/c1', reading);
  }
  const values = new Map<string, number>();
  for (const batch of last.take()) {
    for (const [row, value] of batch.vs.entries()) {
      const [metric, attributes] = batch.ss[batch.si[row] ?? -1] ?? ['', {}];
      values.set(`${metric}{${Object.values(attributes).join(',')}}`, value);
    }
  }
  return values;
}

describe('readings of a container become samples', () => {
  test('CPU usage is the growth of CPU time over the clock, in CPUs', () => {
    const values = samplesOf(
      { atMs: 1_000_000, epoch: 'a', cpuTotalNanos: 1e9 },
      { atMs: 1_010_000, epoch: 'a', cpuTotalNanos: 6e9 },
    );
    expect(values.get('container.cpu.usage{}')).toBeCloseTo(0.5, 12);
    expect(values.get('container.cpu.time{total}')).toBe(6);
  });

  test('the first reading has no rate', () => {
    expect(
      [...samplesOf({ atMs: 1_000_000, epoch: 'a', cpuTotalNanos: 1e9, ioReadBytes: 5 }).keys()].toSorted(),
    ).toEqual(['container.cpu.time{total}', 'container.disk.io{read}']);
  });

  test('a restart gives no rate, though the counter grew past its old value', () => {
    const values = samplesOf(
      { atMs: 1_000_000, epoch: 'a', cpuTotalNanos: 1e9 },
      { atMs: 1_010_000, epoch: 'b', cpuTotalNanos: 9e9 },
    );
    expect(values.has('container.cpu.usage{}')).toBe(false);
  });

  test('what was not read is absent, never zero', () => {
    expect(samplesOf({ atMs: 1, epoch: 'a' }).size).toBe(0);
  });

  test('memory available is the limit less the working set, and absent without a limit', () => {
    expect(
      samplesOf({ atMs: 1, epoch: 'a', memoryWorkingSetBytes: 30, memoryLimitBytes: 100 }).get(
        'container.memory.available{}',
      ),
    ).toBe(70);
    expect(samplesOf({ atMs: 1, epoch: 'a', memoryWorkingSetBytes: 30 }).has('container.memory.available{}')).toBe(
      false,
    );
  });

  test('network throughput sums the interfaces', () => {
    const net = (bytes: number) => [interfaceOf('eth0', bytes), interfaceOf('eth1', 2 * bytes)];
    const values = samplesOf(
      { atMs: 0, epoch: 'a', network: net(100) },
      { atMs: 2_000, epoch: 'a', network: net(300) },
    );
    expect(values.get('container.network.throughput{receive}')).toBe(300);
    expect(values.get('container.network.io{eth1,receive}')).toBe(600);
  });

  test('throttled ratio is the share of enforcement intervals since the reading before', () => {
    const values = samplesOf(
      { atMs: 0, epoch: 'a', cpuPeriods: 100, cpuThrottledPeriods: 10 },
      { atMs: 1_000, epoch: 'a', cpuPeriods: 110, cpuThrottledPeriods: 15 },
    );
    expect(values.get('container.cpu.throttled.ratio{}')).toBe(0.5);
  });

  test('no sequence of readings gives a negative or infinite value', () => {
    const counter = fc.integer({ min: 0, max: 2 ** 40 });
    const reading = fc.record({
      atMs: fc.integer({ min: 0, max: 10_000_000 }),
      epoch: fc.constantFrom('a', 'b'),
      cpuTotalNanos: counter,
      ioReadBytes: counter,
      cpuPeriods: counter,
      cpuThrottledPeriods: counter,
    });
    fc.assert(
      fc.property(fc.array(reading, { minLength: 2, maxLength: 6 }), (readings) => {
        for (const value of samplesOf(...readings).values()) expect(value >= 0 && Number.isFinite(value)).toBe(true);
      }),
    );
  });

  test('every metric of the table has a unit, and says what it means', () => {
    for (const metric of Object.values(CONTAINER))
      expect([metric.name, metric.unit !== '', metric.doc.length > 5]).toEqual([metric.name, true, true]);
  });
});

function interfaceOf(name: string, rxBytes: number) {
  return { name, rxBytes, txBytes: 0, rxErrors: 0, txErrors: 0, rxDropped: 0, txDropped: 0 };
}
