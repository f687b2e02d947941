import { Bus } from '@seatrial/bus';
import { SampleBatches } from '@seatrial/contracts';
import type { ContainerCounters } from '@seatrial/docker';
import { startBroker } from '@seatrial/testing';

import { tickBatches } from './tick-encoder.ts';

type Round = () => Promise<ReadonlyMap<string, ContainerCounters>>;

/** A broker of its own, and the way of a tick to it. */
export interface Publishing extends AsyncDisposable {
  /** Adds everything that follows a reading in the service: rates, units, columns, validation, encoding, the acknowledged publish. */
  published(round: Round): Round;
}

/** Starts a real broker with streams and rights, and connects as the collector does. The broker's own CPU is not counted: it runs in another process. */
export async function startPublishing(): Promise<Publishing> {
  const broker = await startBroker();
  const bus = await Bus.connect({
    url: broker.url,
    as: { service: 'collector' },
    seedFile: broker.seedFile('collector'),
  });
  return {
    published: (round) => {
      const batches = tickBatches();
      let tick = 0;
      return async () => {
        const counters = await round();
        tick++;
        await Promise.all(
          batches(counters).map((batch, chunk) =>
            bus.publish(SampleBatches, batch, { id: `bench:cgroup:1:${tick}:${chunk}` }),
          ),
        );
        return counters;
      };
    },
    [Symbol.asyncDispose]: async () => {
      await bus.close();
      await broker[Symbol.asyncDispose]();
    },
  };
}
