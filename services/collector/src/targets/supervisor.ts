import { setTimeout as wait } from 'node:timers/promises';

import type { Bus, HeldLease, LeaseOptions } from '@seatrial/bus';
import { CollectorLeases } from '@seatrial/contracts';
import type { ServiceLog } from '@seatrial/service';

import type { Target } from './target.ts';

/** Pause after a target failed, ms: long enough not to spin, short enough to be back within the bar of a take-over (20 s). */
const RETRY_MS = 5_000;

/** Runs every target whose lease this process holds; another replica takes over what this one loses. */
export class TargetSupervisor {
  readonly #bus: Pick<Bus, 'lease'>;
  readonly #log: Pick<ServiceLog, 'error' | 'info' | 'warn'>;
  readonly #retryMs: number;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];
  readonly #held = new Map<string, Target>();

  constructor(
    bus: Pick<Bus, 'lease'>,
    log: Pick<ServiceLog, 'error' | 'info' | 'warn'>,
    options: { readonly retryMs?: number } = {},
  ) {
    this.#bus = bus;
    this.#log = log;
    this.#retryMs = options.retryMs ?? RETRY_MS;
  }

  /** The targets whose lease this process holds. */
  get held(): readonly Target[] {
    return [...this.#held.values()];
  }

  start(targets: readonly Target[]): void {
    for (const target of targets) this.#running.push(this.#watch(target));
  }

  /** Ends all targets and releases their leases. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  async #watch(target: Target): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await this.#hold(target, { signal });
      } catch (error) {
        if (signal.aborted) return;
        this.#log.error({ err: error, target: target.id }, 'a target stopped; it starts again');
        await wait(this.#retryMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #hold(target: Target, options: LeaseOptions): Promise<void> {
    await using lease = await this.#bus.lease(CollectorLeases, target.id, options).acquire();
    this.#held.set(target.id, target);
    this.#log.info({ target: target.id, fence: lease.fence }, 'a target is polled here');
    try {
      await this.#run(target, lease);
    } finally {
      this.#held.delete(target.id);
    }
  }

  /** A lost lease is no failure: another replica polls the target now, or this one takes it again. */
  async #run(target: Target, lease: HeldLease): Promise<void> {
    try {
      await target.run(lease, AbortSignal.any([this.#stop.signal, lease.signal]));
    } catch (error) {
      if (!lease.signal.aborted) throw error;
      this.#log.warn({ err: error, target: target.id }, 'the lease of a target was lost');
    }
  }
}
