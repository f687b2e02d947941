import { compiled, spawnNode, type Broker, type NodeProcess } from '@seatrial/testing';

/** What a worker is told; see worker.ts. */
export interface WorkerSettings {
  readonly backOff?: string;
  readonly concurrency?: number;
  readonly ackWaitMs?: number;
  readonly drainMs?: number;
  readonly dieBefore?: string;
  readonly readsEvents?: boolean;
}

/** Starts a worker; resolves when it is ready, or killed: what it finds may kill it before. Rejects when it cannot start. */
export async function startWorker(broker: Broker, settings: WorkerSettings = {}): Promise<NodeProcess> {
  const text = (value: number | undefined): string | undefined => (value === undefined ? undefined : String(value));
  const worker = spawnNode(compiled('./worker.ts', import.meta.url), {
    env: {
      BUS_URL: broker.url,
      SEED_FILE: broker.seedFile('isolation-auditor'),
      BACK_OFF: settings.backOff ?? '0',
      CONCURRENCY: text(settings.concurrency),
      ACK_WAIT_MS: text(settings.ackWaitMs),
      DRAIN_MS: text(settings.drainMs),
      DIE_BEFORE: settings.dieBefore,
      READS_EVENTS: settings.readsEvents === true ? '1' : undefined,
    },
  });
  const end = await Promise.race([
    worker.ready.then(
      () => undefined,
      () => worker.exited,
    ),
    worker.exited,
  ]);
  if (end !== undefined && end.signal === null) throw new Error(`the worker did not start:\n${worker.text()}`);
  return worker;
}

/** One call of a handler, as the worker printed it. */
export interface Call {
  readonly call: string;
  readonly id: string;
  readonly count: number;
  readonly replayedFrom?: string;
}

/** Calls of handlers so far. */
export function callsOf(worker: NodeProcess): readonly Call[] {
  return worker.lines.filter((line) => line.startsWith('{"call"')).map((line) => JSON.parse(line) as Call);
}
