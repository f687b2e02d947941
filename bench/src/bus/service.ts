import 'reflect-metadata';

import { Controller, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Handles, RethrowFilter, SeatrialStrategy, type Bus } from '@seatrial/bus';
import { SampleBatches, TargetsList, type DataOf, type ReplyOf } from '@seatrial/contracts';

/** A service of this bench. */
export interface BenchService extends AsyncDisposable {
  /** Binds its durables and begins to handle. */
  start(): Promise<void>;
  /** Resolves when it has handled `n` batches. */
  handled(n: number): Promise<void>;
}

/** The answer to the query, shared with the bare responder. */
export const TARGETS: ReplyOf<typeof TargetsList> = { targets: [] };

/** Batches handled by the service that runs now, and who waits for how many. */
let count = 0;
let waiting: { n: number; resolve: () => void } | undefined;

@Controller()
class BenchHandlers {
  // As the collector's archive writer does.
  @Handles(SampleBatches, { concurrency: 32 })
  async sample(batch: DataOf<typeof SampleBatches>): Promise<void> {
    if (batch.vs.length === 0) throw new Error('an empty batch');
    count += 1;
    if (count === waiting?.n) waiting.resolve();
    return Promise.resolve();
  }

  @Handles(TargetsList)
  async targets(): Promise<ReplyOf<typeof TargetsList>> {
    return Promise.resolve(TARGETS);
  }
}

@Module({ controllers: [BenchHandlers] })
class BenchModule {}

/** Makes a service as ours are: Nest, the strategy and its handlers. */
export async function makeService(bus: Bus): Promise<BenchService> {
  count = 0;
  waiting = undefined;
  const app = await NestFactory.createMicroservice(BenchModule, { strategy: new SeatrialStrategy(bus), logger: false });
  app.useGlobalFilters(new RethrowFilter());
  await app.init();
  return {
    start: async () => {
      await app.listen();
    },
    handled: (n) => (count >= n ? Promise.resolve() : new Promise((resolve) => (waiting = { n, resolve }))),
    [Symbol.asyncDispose]: () => app.close(),
  };
}
