import type { SampleBatch } from '@seatrial/contracts';
import type { ContainerCounters } from '@seatrial/docker';

type Series = [string, Record<string, string>];

/**
 * Turns the counters of a tick into a columnar batch and its JSON, keeping the previous tick for rates.
 * @returns a function that gives the bytes of the message
 */
export function tickEncoder(): (counters: ReadonlyMap<string, ContainerCounters>) => number {
  let previous: ReadonlyMap<string, ContainerCounters> = new Map();
  return (counters) => {
    const batch = batchOf(counters, previous);
    previous = counters;
    return Buffer.byteLength(JSON.stringify(batch));
  };
}

function batchOf(
  counters: ReadonlyMap<string, ContainerCounters>,
  previous: ReadonlyMap<string, ContainerCounters>,
): SampleBatch {
  const batch: SampleBatch = {
    v: 1,
    src: 'docker',
    tgt: 'bench',
    f: 1,
    t0: Date.now(),
    iv: 10,
    rs: [],
    ss: [],
    ri: [],
    si: [],
    ts: [],
    vs: [],
  };
  const series = new Map<string, number>();
  for (const [id, now] of counters) {
    const resource = batch.rs.push(`bench/${id}`) - 1;
    const add = (metric: string, value: number | undefined, attributes: Record<string, string> = {}): void => {
      if (value === undefined) return;
      const key = `${metric} ${Object.values(attributes).join(' ')}`;
      let at = series.get(key);
      if (at === undefined) {
        at = batch.ss.push([metric, attributes] satisfies Series) - 1;
        series.set(key, at);
      }
      batch.ri.push(resource);
      batch.si.push(at);
      batch.ts.push(now.atMs - batch.t0);
      batch.vs.push(value);
    };
    const then = previous.get(id);
    const elapsed = then === undefined || then.epoch !== now.epoch ? undefined : (now.atMs - then.atMs) * 1e6;
    if (elapsed !== undefined && elapsed > 0)
      add('container.cpu.usage', ((now.cpuTotalNanos ?? 0) - (then?.cpuTotalNanos ?? 0)) / elapsed);
    add('container.cpu.time', now.cpuUserNanos, { 'cpu.mode': 'user' });
    add('container.cpu.time', now.cpuSystemNanos, { 'cpu.mode': 'system' });
    add('container.memory.usage', now.memoryUsageBytes);
    add('container.memory.working_set', now.memoryWorkingSetBytes);
    add('container.memory.rss', now.memoryRssBytes);
    add('container.paging.faults', now.pageFaults, { 'fault.type': 'minor' });
    add('container.paging.faults', now.majorPageFaults, { 'fault.type': 'major' });
    add('container.disk.io', now.ioReadBytes, { 'disk.io.direction': 'read' });
    add('container.disk.io', now.ioWriteBytes, { 'disk.io.direction': 'write' });
    for (const net of now.network ?? []) {
      add('container.network.io', net.rxBytes, {
        'network.io.direction': 'receive',
        'network.interface.name': net.name,
      });
      add('container.network.io', net.txBytes, {
        'network.io.direction': 'transmit',
        'network.interface.name': net.name,
      });
    }
  }
  return batch;
}
