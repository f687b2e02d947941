import { Module, type DynamicModule, type Type } from '@nestjs/common';
import { Bus } from '@seatrial/bus';

import { Health } from './health/health.ts';
import type { ServiceLog } from './logging/service-log.ts';

/** A Nest module of a service. */
export type ServiceModule = Type<unknown> | DynamicModule;

/** Key under which the log is injected. `Bus` and `Health` are injected by their class. */
export const SERVICE_LOG = Symbol('service log');

@Module({})
class RootModule {}

/** The service's module inside one that gives every class in it the bus, the log and the health board. */
export function rootModule(inner: ServiceModule, bus: Bus, log: ServiceLog, health: Health): DynamicModule {
  return {
    module: RootModule,
    global: true,
    imports: [inner],
    providers: [
      { provide: Bus, useValue: bus },
      { provide: Health, useValue: health },
      { provide: SERVICE_LOG, useValue: log },
    ],
    exports: [Bus, Health, SERVICE_LOG],
  };
}
