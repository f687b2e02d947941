import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

import type { Health } from '../health/health.ts';

/** Name of a service in its metrics. */
export interface MetricsIdentity {
  readonly service: string;
  readonly version: string;
}

/** A registry with what every service shows: the process, its build, and which parts are not well. */
export function openMetrics({ service, version }: MetricsIdentity, health: Health): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: 'seatrial_build_info',
    help: 'Always 1; the labels say what runs',
    labelNames: ['version', 'node'],
    registers: [registry],
  }).set({ version, node: process.version }, 1);
  const parts = new Gauge({
    name: 'seatrial_health_part',
    help: '0 well, 1 degraded, 2 failed',
    labelNames: ['part'],
    registers: [registry],
    collect: () => {
      parts.reset();
      for (const [part, { status }] of Object.entries(health.report.parts))
        parts.set({ part }, ['ok', 'degraded', 'failed'].indexOf(status));
    },
  });
  return registry;
}
