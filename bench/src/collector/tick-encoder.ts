import type { ContainerCounters } from '@seatrial/docker';
import { ContainerNormaliser, SampleColumns } from '@seatrial/estate';

/** Seconds between two ticks in the service. */
const INTERVAL = 10;

/**
 * What follows a reading in the service: units and rates against the tick before, columns, JSON. Sending is left out: it costs the same whoever read.
 * @returns a function that gives the number of samples of a tick
 */
export function tickEncoder(): (counters: ReadonlyMap<string, ContainerCounters>) => number {
  const normaliser = new ContainerNormaliser();
  return (counters) => {
    const columns = new SampleColumns({ src: 'docker', tgt: 'bench', f: 1, t0: Date.now(), iv: INTERVAL });
    for (const [id, reading] of counters) normaliser.add(columns, `bench/${id}`, reading);
    const { samples } = columns;
    for (const batch of columns.take()) JSON.stringify(batch);
    return samples;
  };
}
