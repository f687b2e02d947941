import { setTimeout as delay } from 'node:timers/promises';
import { Frames, TargetsList, type Frame, type TargetState } from '@seatrial/contracts';
import type { BusClient } from '../connect/client.ts';
import type { CollectSection } from './report.ts';

/** A collector under load needs a few seconds for its first listing; after this the first look goes on with what there is. */
const COLLECT_MS = 15_000;

/** Waits until every target was listed once (or says why it cannot be) and a frame arrived; then counts. */
export async function collect(bus: BusClient, signal: AbortSignal): Promise<CollectSection> {
  const started = performance.now();
  const over = AbortSignal.any([signal, AbortSignal.timeout(COLLECT_MS)]);
  const [targets, frame] = await Promise.all([listedTargets(bus, over), firstFrame(bus, over)]);
  signal.throwIfAborted();
  const counts: Record<string, number> = {};
  for (const target of targets) {
    for (const [kind, count] of Object.entries(target.counts)) counts[kind] = (counts[kind] ?? 0) + count;
  }
  return {
    counts,
    targets: targets.map(({ id, health, code, message }) => ({
      id,
      health,
      ...(code !== undefined && { code }),
      ...(message !== undefined && { message }),
    })),
    frame: frame?.seq ?? null,
    ms: performance.now() - started,
  };
}

/** The targets once each was listed or has failed; what is known when the time is over. */
async function listedTargets(bus: BusClient, over: AbortSignal): Promise<readonly TargetState[]> {
  for (;;) {
    const { targets } = await bus.ask(TargetsList, {});
    if (over.aborted || (targets.length > 0 && targets.every(isSettled))) return targets;
    await delay(200, undefined, { signal: over }).catch(() => {});
  }
}

function isSettled({ health, counts }: TargetState): boolean {
  return health === 'ok' ? Object.keys(counts).length > 0 : health !== 'not-configured';
}

async function firstFrame(bus: BusClient, over: AbortSignal): Promise<Frame | undefined> {
  const messages = await bus.subscribe(Frames.filter);
  const end = new Promise<undefined>((done) => over.addEventListener('abort', () => done(undefined), { once: true }));
  return Promise.race([end, nextFrame(messages)]);
}

/** The next frame of the whole estate. */
async function nextFrame(messages: AsyncIterable<{ readonly data: unknown }>): Promise<Frame | undefined> {
  for await (const { data } of messages) {
    const parsed = Frames.tolerant.safeParse(data);
    if (parsed.success && parsed.data.scope === 'estate') return parsed.data;
  }
  return undefined;
}
