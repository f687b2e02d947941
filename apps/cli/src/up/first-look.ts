import { setTimeout as delay } from 'node:timers/promises';
import { Frames, ResourcesList, TargetsList, type Frame, type TargetState } from '@seatrial/contracts';
import type { BusClient } from '../connect/client.ts';
import { DEMO_LABEL } from '../demo/application.ts';
import type { CollectSection } from './report.ts';

/** A collector under load needs a few seconds for its first listing; after this the first look goes on with what there is. */
const COLLECT_MS = 15_000;

/** What must have been seen before the first look is one. */
export interface Expected {
  /** An engine answered a moment ago: that the collector calls it down means that it has not asked yet. */
  readonly engine: boolean;
  /** Containers of the demo that were just started. */
  readonly demo: number;
}

/** Waits until every target was listed once (or says why it cannot be) and a frame arrived; then counts. */
export async function collect(bus: BusClient, expected: Expected, signal: AbortSignal): Promise<CollectSection> {
  const started = performance.now();
  const over = AbortSignal.any([signal, AbortSignal.timeout(COLLECT_MS)]);
  const targets = await listedTargets(bus, expected, over);
  // Its counts are those of this second; a target's are those of its last full listing.
  const frame = await firstFrame(bus, over);
  signal.throwIfAborted();
  return {
    counts: Object.fromEntries(Object.entries(frame?.counts ?? {}).map(([kind, { total }]) => [kind, total])),
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
async function listedTargets(bus: BusClient, expected: Expected, over: AbortSignal): Promise<readonly TargetState[]> {
  for (;;) {
    const demo = expected.demo === 0 ? 0 : await demoContainers(bus);
    const { targets } = await bus.ask(TargetsList, {});
    const settled = targets.length > 0 && targets.every((target) => isSettled(target, expected.engine));
    if (over.aborted || (settled && demo >= expected.demo)) return targets;
    await delay(200, undefined, { signal: over }).catch(() => {});
  }
}

async function demoContainers(bus: BusClient): Promise<number> {
  const { total } = await bus.ask(ResourcesList, { kinds: ['container'], labels: { [DEMO_LABEL]: 'true' }, limit: 1 });
  return total;
}

function isSettled({ src, health, counts }: TargetState, engine: boolean): boolean {
  if (health === 'ok') return Object.keys(counts).length > 0;
  return health === 'degraded' || !(engine && src === 'docker');
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
