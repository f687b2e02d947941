import { setTimeout as wait } from 'node:timers/promises';

import type { Bus, HeldLease } from '@seatrial/bus';
import { CollectorLeases, Frames, type Frame } from '@seatrial/contracts';
import { buildFrames } from '@seatrial/estate';
import type { ServiceLog } from '@seatrial/service';

import type { LiveEstate } from '../live/live-estate.ts';
import { ticks } from '../sampling/ticks.ts';

const SECOND_MS = 1_000;
/** Pause after the lease could not be had, ms. */
const RETRY_MS = 2_000;

/** Publishes the rolled-up frames on every wall second while it holds the lease `frame`; one replica does. */
export class FrameLeader {
  readonly #bus: Pick<Bus, 'publish' | 'lease'>;
  readonly #live: LiveEstate;
  readonly #log: Pick<ServiceLog, 'error' | 'info'>;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  /** Frames published, and those the bus did not take in time. */
  readonly counts = { published: 0, refused: 0 };
  /** This process publishes the frames. */
  leads = false;

  constructor(bus: Pick<Bus, 'publish' | 'lease'>, live: LiveEstate, log: Pick<ServiceLog, 'error' | 'info'>) {
    this.#bus = bus;
    this.#live = live;
    this.#log = log;
  }

  start(): void {
    this.#running ??= this.#lead();
  }

  /** Ends and gives the lease back. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #lead(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await using lease = await this.#bus.lease(CollectorLeases, 'frame', { signal }).acquire();
        this.#log.info({ fence: lease.fence }, 'frames are published here');
        this.leads = true;
        await this.#publishWhile(lease, AbortSignal.any([signal, lease.signal]));
      } catch (error) {
        if (signal.aborted) return;
        this.#log.error({ err: error }, 'frames stopped; they start again');
        await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      } finally {
        this.leads = false;
      }
    }
  }

  /** `seq` is the wall second: it rises also over a change of the leader, and a missing frame shows as a gap. */
  async #publishWhile(lease: HeldLease, signal: AbortSignal): Promise<void> {
    let seq = 0;
    for await (const { dueMs } of ticks(SECOND_MS, signal)) {
      seq = Math.max(seq + 1, Math.floor(dueMs / SECOND_MS));
      const frames = buildFrames({
        nowMs: Date.now(),
        seq,
        graph: this.#live.graph,
        values: this.#live.values,
        targets: this.#live.targets,
        coverage: this.#live.coverage(dueMs),
        failed: new Map(),
      });
      // Not awaited one by one: a slow bus must not shift the next second.
      for (const frame of frames) void this.#publish(`frame:${frame.scope}:${lease.fence}:${seq}`, frame, signal);
    }
  }

  async #publish(id: string, frame: Frame, signal: AbortSignal): Promise<void> {
    try {
      await this.#bus.publish(Frames, frame, { id, deadlineMs: SECOND_MS, signal });
      this.counts.published++;
    } catch {
      // A frame that is a second old helps nobody; the next one says it all again.
      this.counts.refused++;
    }
  }
}
