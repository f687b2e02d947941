import { setTimeout as delay } from 'node:timers/promises';
import { Frames } from '@seatrial/contracts';
import { openBus } from '../connect/open-bus.ts';
import type { Layout } from '../layout.ts';
import { runningPlane } from '../plane/run-state.ts';
import type { Session } from '../session.ts';
import { busFlags } from './bus-flags.ts';
import { quitKey } from './keys.ts';
import type { SpawnedSupervisor } from './spawn-supervisor.ts';
import { statusLine, type StatusLine } from './status-line.ts';
import { statusText } from './text.ts';

/** Why the waiting ended. */
export type HoldEnd = 'quit' | 'interrupted' | 'ended';

/** How often `run.json` is looked at, ms. */
const LOOK_MS = 500;

/**
 * Shows one line about the plane until the person wants to stop (`q`, Ctrl-C) or the plane ends.
 * @throws the error that the supervisor left, when it was this command's own
 */
export async function holdPlane(
  busUrl: string,
  layout: Layout,
  own: SpawnedSupervisor | undefined,
  session: Session,
): Promise<HoldEnd> {
  const over = new AbortController();
  using line = statusLine(session, () => process.stderr.columns ?? session.errWidth);
  using quit = quitKey();
  // Without them the plane is as well as with them: a bus that is away is told by `watch`.
  const vitals = showVitals(busUrl, layout, line, session, over.signal).catch(() => {});
  try {
    return await Promise.race([
      quit.pressed.then((key): HoldEnd => (key === 'q' ? 'quit' : 'interrupted')),
      aborted(session.signal).then((): HoldEnd => 'interrupted'),
      watch(layout, line, own, over.signal),
    ]);
  } finally {
    over.abort();
    // Its connection goes before the broker does.
    await vitals;
  }
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted)
    await new Promise<void>((done) => signal.addEventListener('abort', () => done(), { once: true }));
}

/** Ends when the plane does; says so while its bus is away. */
async function watch(
  layout: Layout,
  line: StatusLine,
  own: SpawnedSupervisor | undefined,
  over: AbortSignal,
): Promise<HoldEnd> {
  const fallen = own?.ended.then((error): HoldEnd => {
    if (error) throw error;
    return 'ended';
  });
  const looking = (async (): Promise<HoldEnd> => {
    while (!over.aborted) {
      const state = runningPlane(layout.runFile);
      // An own supervisor also has an error to tell: that is waited for above.
      if (state === undefined && own === undefined) return 'ended';
      if (state?.processes.some(({ name, ready }) => name === 'bus' && !ready) === true)
        line.show('bus lost, reconnecting');
      await delay(LOOK_MS, undefined, { signal: over }).catch(() => {});
    }
    return 'ended';
  })();
  return Promise.race(fallen ? [fallen, looking] : [looking]);
}

/** Redraws the line with each frame of the collector until `over`. */
async function showVitals(
  busUrl: string,
  layout: Layout,
  line: StatusLine,
  session: Session,
  over: AbortSignal,
): Promise<void> {
  if (!session.errIsTerminal) return;
  await using bus = await openBus(busFlags(busUrl, layout, 10_000), { ...session, signal: over });
  const started = Date.parse(runningPlane(layout.runFile)?.startedAt ?? new Date(session.now()).toISOString());
  for await (const { data } of await bus.subscribe(Frames.filter)) {
    if (over.aborted) return;
    const frame = Frames.tolerant.safeParse(data);
    if (!frame.success || frame.data.scope !== 'estate') continue;
    const { counts, cpu, memory } = frame.data;
    line.show(
      statusText({
        containers: counts.container?.total ?? 0,
        cpu: cpu.used,
        memory: memory.used,
        upMs: session.now() - started,
      }),
    );
  }
}
