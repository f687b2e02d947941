import { join } from 'node:path';
import type { ServiceName } from '@seatrial/contracts';
import { engineUrl } from '../engine/probe.ts';
import type { Layout } from '../layout.ts';

/** How a service of a plane is started. */
export interface ServiceProgram {
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * A service holds little and makes little garbage. With Node's own sizes for new objects, a malloc arena for each thread and memory that malloc keeps, it would
 * hold 200 MB and more after some minutes; with these about 140 (bar: 160).
 */
const SMALL = {
  args: ['--max-semi-space-size=2', '--optimize-for-size'],
  env: { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '65536' },
};

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The service with its settings in the environment: this plane's bus and key, the engine that was found, data in the plane's folder. What the person set
 * for a service stays, except the bus and its key: those are this plane's own.
 */
export function serviceProgram(name: ServiceName, busUrl: string, layout: Layout, env: Env): ServiceProgram {
  return {
    // Telemetry must be loaded before what it watches.
    args: [
      ...SMALL.args,
      '--import',
      '@seatrial/service/telemetry',
      join(layout.root, 'services', name, 'dist', 'main.js'),
    ],
    env: {
      ...SMALL.env,
      ...defaultsOf(name, layout, env),
      ...env,
      SEATRIAL_BUS: busUrl,
      SEATRIAL_CREDS: join(layout.keys, name),
    },
  };
}

function defaultsOf(name: ServiceName, layout: Layout, env: Env): Env {
  const engine = { id: 'docker', url: engineUrl(env) };
  // The variable of all services would lose against that of one.
  const archive = (variable: string): Env =>
    env.SEATRIAL_ARCHIVE ? {} : { [variable]: `sqlite:${join(layout.archive, `${name}.db`)}` };
  switch (name) {
    case 'collector':
      return {
        SEATRIAL_COLLECTOR_TARGETS: JSON.stringify([
          { ...engine, src: 'docker' },
          { id: 'host', src: 'host' },
        ]),
        ...archive('SEATRIAL_COLLECTOR_ARCHIVE'),
      };
    case 'isolation-auditor':
      return {
        SEATRIAL_ISOLATION_AUDITOR_ENGINES: JSON.stringify([engine]),
        SEATRIAL_ISOLATION_AUDITOR_SALT_FILE: join(layout.keys, 'isolation.salt'),
        ...archive('SEATRIAL_ISOLATION_AUDITOR_ARCHIVE'),
      };
  }
}
