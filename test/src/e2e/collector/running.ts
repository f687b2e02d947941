import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { Bus } from '@seatrial/bus';
import { spawnNode, type Broker, type NodeProcess } from '@seatrial/testing';

const MAIN = fileURLToPath(new URL('../../../../services/collector/dist/main.js', import.meta.url));

/** A folder that is removed when its block ends. */
export function scratch(): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'seatrial-collector-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** How a collector is started. */
export interface CollectorSettings {
  readonly targets: readonly object[];
  /** File or URL of the archive. */
  readonly archive: string;
  /** s */
  readonly interval?: number;
  readonly resyncInterval?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly nodeArgs?: readonly string[];
}

/** A collector, which is killed when the block ends. */
export interface RunningCollector extends NodeProcess {
  /** Answer of `/health/ready`. */
  health(): Promise<{ status: string; parts: Record<string, { status: string; code?: string; message?: string }> }>;
  /** A number of `/metrics`; undefined when it is not there. */
  metric(name: string, labels: string): Promise<number | undefined>;
}

/** Starts the service itself on a broker. */
export function startCollector(broker: Broker, settings: CollectorSettings): RunningCollector {
  const child = spawnNode(MAIN, {
    args: settings.args ?? [],
    nodeArgs: settings.nodeArgs ?? [],
    env: {
      SEATRIAL_BUS: broker.url,
      SEATRIAL_CREDS: broker.seedFile('collector'),
      SEATRIAL_COLLECTOR_TARGETS: JSON.stringify(settings.targets),
      SEATRIAL_COLLECTOR_ARCHIVE: settings.archive,
      SEATRIAL_COLLECTOR_INTERVAL: String(settings.interval ?? 1),
      SEATRIAL_COLLECTOR_API_INTERVAL: '5',
      SEATRIAL_COLLECTOR_RESYNC_INTERVAL: String(settings.resyncInterval ?? 300),
      ...settings.env,
    },
  });
  const ask = async (path: string): Promise<Response> => fetch(`${String((await child.ready)['health'])}${path}`);
  return Object.assign(child, {
    health: async () => (await (await ask('/health/ready')).json()) as Awaited<ReturnType<RunningCollector['health']>>,
    metric: async (name: string, labels: string) => {
      const text = await (await ask('/metrics')).text();
      const line = text.split('\n').find((each) => each.startsWith(`${name}{${labels}`));
      return line === undefined ? undefined : Number(line.slice(line.lastIndexOf(' ') + 1));
    },
  });
}

/** A connection of a person who may look, or of a service. Closed when the block ends. */
export async function connect(
  broker: Broker,
  as: 'viewer' | 'collector' | 'isolation-auditor' = 'viewer',
): Promise<Bus & AsyncDisposable> {
  const bus = await Bus.connect({
    url: broker.url,
    as: as === 'viewer' ? { person: 'viewer', role: 'viewer' } : { service: as },
    seedFile: broker.seedFile(as),
  });
  return Object.assign(bus, { [Symbol.asyncDispose]: () => bus.close() });
}

/** What came out of an iteration so far. */
export interface Collected<T> extends AsyncDisposable {
  /** @throws what ended the iteration before its time */
  readonly all: readonly T[];
}

/** Takes everything that comes out of an iteration, until the block ends. */
export function collect<T>(make: (signal: AbortSignal) => AsyncIterable<T>): Collected<T> {
  const all: T[] = [];
  const stop = new AbortController();
  let failure: unknown;
  const running = (async () => {
    for await (const each of make(stop.signal)) all.push(each);
  })().catch((error: unknown) => (failure = error));
  return {
    get all() {
      if (failure !== undefined) throw failure as Error;
      return all;
    },
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
    },
  };
}
