import { join } from 'node:path';
import { engineUrl } from '../engine/probe.ts';
import type { Layout } from '../layout.ts';

/** How a service of a plane is started. */
export interface ServiceProgram {
  /** Arguments of Node. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The service with its settings in the environment: this plane's bus and keys, the engine that was found, data in the plane's folder. */
export function serviceProgram(
  name: 'collector' | 'isolation-auditor',
  busUrl: string,
  layout: Layout,
  env: Readonly<Record<string, string | undefined>>,
): ServiceProgram {
  const engine = { id: 'docker', url: engineUrl(env) };
  const own = {
    collector: {
      SEATRIAL_COLLECTOR_TARGETS: JSON.stringify([
        { ...engine, src: 'docker' },
        { id: 'host', src: 'host' },
      ]),
      SEATRIAL_COLLECTOR_ARCHIVE: `sqlite:${join(layout.archive, 'collector.db')}`,
    },
    'isolation-auditor': {
      SEATRIAL_ISOLATION_AUDITOR_ENGINES: JSON.stringify([engine]),
      SEATRIAL_ISOLATION_AUDITOR_ARCHIVE: `sqlite:${join(layout.archive, 'isolation-auditor.db')}`,
      SEATRIAL_ISOLATION_AUDITOR_SALT_FILE: join(layout.keys, 'isolation.salt'),
    },
  }[name];
  return {
    args: [join(layout.root, 'services', name, 'dist', 'main.js')],
    env: { ...env, SEATRIAL_BUS: busUrl, SEATRIAL_CREDS: join(layout.keys, name), ...own },
  };
}
