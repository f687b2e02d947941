import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import type { Archive, ArchiveHealth } from '@seatrial/archive';
import type { Bus } from '@seatrial/bus';
import { IsolationLeases, keyToken } from '@seatrial/contracts';
import type { ServiceLog } from '@seatrial/service';

import type { FindingStore } from '../findings/finding-store.ts';

const SWEEP_EVERY_MS = 10 * 60_000;
const HEALTH_EVERY_MS = 5_000;
/** Resolved findings stay at hand this long; older ones are in the archive only. */
const KEEP_RESOLVED_MS = 7 * 86_400_000;

/** Keeps the archive within its bounds and asks how it is. */
export class ArchiveUpkeep {
  readonly #parts: {
    readonly archive: Archive;
    readonly url: string;
    readonly store: FindingStore;
    readonly bus: Bus;
    readonly log: ServiceLog;
  };
  readonly #stop = new AbortController();
  #running: Promise<unknown> | undefined;
  /** As of the last look. */
  health: ArchiveHealth = { status: 'ok' };

  constructor(parts: {
    readonly archive: Archive;
    /** As configured: of the processes on one archive one sweeps. */
    readonly url: string;
    readonly store: FindingStore;
    readonly bus: Bus;
    readonly log: ServiceLog;
  }) {
    this.#parts = parts;
  }

  start(): void {
    this.#running ??= Promise.all([this.#sweeping(), this.#looking()]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #looking(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      this.health = await this.#parts.archive.health();
      await wait(HEALTH_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #sweeping(): Promise<void> {
    const { signal } = this.#stop;
    const { bus, log, url } = this.#parts;
    while (!signal.aborted) {
      try {
        await using lease = await bus.lease(IsolationLeases, archiveKey(url), { signal }).acquire();
        await this.#sweepWhile(AbortSignal.any([signal, lease.signal]));
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ err: error }, 'the archive was not swept; it is tried again');
        await wait(SWEEP_EVERY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #sweepWhile(signal: AbortSignal): Promise<void> {
    const { archive, store } = this.#parts;
    while (!signal.aborted) {
      await archive.sweep();
      await store.forgetResolvedBefore(new Date(Date.now() - KEEP_RESOLVED_MS).toISOString());
      await wait(SWEEP_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}

/** A file belongs to this machine, a database server to everybody. Target ids hold no dot, so this is never the key of an engine. */
function archiveKey(url: string): string {
  const shared = /^mongodb(\+srv)?:/.test(url);
  return `archive.${keyToken(shared ? url : `${hostname()}:${resolve(url.replace(/^sqlite:/, ''))}`)}`;
}
