import type { ContainerCounters } from '@seatrial/docker';
import { type SampleBatch } from '@seatrial/contracts';
import { ContainerNormaliser, SampleColumns } from '@seatrial/estate';

/** Seconds between two ticks in the service. */
const INTERVAL = 10;

/** What follows a reading in the service: units and rates against the tick before, columns. @returns a function that gives the batches of a tick */
export function tickBatches(): (counters: ReadonlyMap<string, ContainerCounters>) => SampleBatch[] {
  const normaliser = new ContainerNormaliser();
  return (counters) => {
    const columns = new SampleColumns({ src: 'docker', tgt: 'bench', f: 1, t0: Date.now(), iv: INTERVAL });
    for (const [id, reading] of counters) normaliser.add(columns, `bench/${id}`, reading);
    return columns.take();
  };
}

/** The same down to JSON. Sending is left out: it costs the same whoever read. */
export function tickEncoder(): (counters: ReadonlyMap<string, ContainerCounters>) => void {
  const batches = tickBatches();
  return (counters) => {
    for (const batch of batches(counters)) JSON.stringify(batch);
  };
}
