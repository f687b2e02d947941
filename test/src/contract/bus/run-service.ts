import 'reflect-metadata';

import { Controller, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { ServiceName } from '@seatrial/contracts';
import { Bus, RethrowFilter, SeatrialStrategy } from '@seatrial/bus';
import type { Broker } from '@seatrial/testing';

/** A service in the process of the test. */
export interface RunningService extends AsyncDisposable {
  readonly bus: Bus;
  readonly strategy: SeatrialStrategy;
  /** Closes as a service does: strategy, then connection. */
  close(): Promise<void>;
}

/** What a service of a test may set. */
export interface RunServiceOptions {
  readonly drainMs?: number;
  readonly backOffMs?: readonly number[];
  readonly version?: string;
}

/** Starts a Nest microservice with one controller on the bus. */
export async function runService(
  broker: Broker,
  service: ServiceName,
  controller: Type,
  options: RunServiceOptions = {},
): Promise<RunningService> {
  const bus = await Bus.connect({
    url: broker.url,
    as: { service },
    seedFile: broker.seedFile(service),
    version: options.version ?? '0.1.0',
  });
  const strategy = new SeatrialStrategy(bus, { backOffMs: [0], ...options });
  Controller()(controller);
  class TestModule {}
  Module({ controllers: [controller] })(TestModule);
  let app;
  try {
    app = await NestFactory.createMicroservice(TestModule, { strategy, logger: false });
    app.useGlobalFilters(new RethrowFilter());
    await app.listen();
  } catch (error) {
    await bus.close();
    throw error;
  }
  const running = app;
  const close = async (): Promise<void> => {
    await running.close();
    await bus.close();
  };
  return { bus, strategy, close, [Symbol.asyncDispose]: close };
}
