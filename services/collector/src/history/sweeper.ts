import { createHash } from 'node:crypto';
import { hostname } from 'node:os';
import { setTimeout as wait } from 'node:timers/promises';

import type { Bus, HeldLease } from '@seatrial/bus';
import { CollectorLeases } from '@seatrial/contracts';
import type { ServiceLog } from '@seatrial/service';

import type { ArchiveDoor } from './archive-door.ts';

/** The archive asks for it. */
const SWEEP_EVERY_MS = 10 * 60_000;
/** Pause after the lease could not be had, or a sweep failed, ms. */
const RETRY_MS = 30_000;

/** Rolls up and removes old history. Of several processes on one database the holder of the lease does. */
export class Sweeper {
  readonly #bus: Pick<Bus, 'lease'>;
  readonly #log: Pick<ServiceLog, 'warn'>;
  readonly #door: ArchiveDoor;
  readonly #key: string;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  /** Sweeps that were done, and that failed. */
  readonly counts = { done: 0, failed: 0 };

  /** @param archive its URL: names the database */
  constructor(bus: Pick<Bus, 'lease'>, log: Pick<ServiceLog, 'warn'>, door: ArchiveDoor, archive: string) {
    this.#bus = bus;
    this.#log = log;
    this.#door = door;
    this.#key = sweepKey(archive, hostname());
  }

  start(): void {
    this.#running ??= this.#lead();
  }

  /** Ends after a sweep under way and gives the lease back. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #lead(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await using lease = await this.#bus.lease(CollectorLeases, this.#key, { signal }).acquire();
        await this.#sweepWhile(lease, AbortSignal.any([signal, lease.signal]));
      } catch (error) {
        if (signal.aborted) return;
        this.#log.warn({ err: error }, 'the archive could not be swept');
        await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      }
    }
  }

  async #sweepWhile(lease: HeldLease, signal: AbortSignal): Promise<void> {
    while (lease.held && !signal.aborted) {
      const failed = await this.#sweep();
      await wait(failed ? RETRY_MS : SWEEP_EVERY_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  async #sweep(): Promise<boolean> {
    try {
      await this.#door.archive.sweep();
      this.counts.done++;
      return false;
    } catch (error) {
      this.counts.failed++;
      this.#log.warn({ err: error }, 'a sweep of the archive failed');
      return true;
    }
  }
}

/** Key of the lease: one for each database. A file belongs to one machine. The dot keeps it apart from the ids of targets. */
function sweepKey(archive: string, machine: string): string {
  const database = /^mongodb(\+srv)?:/.test(archive) ? archive.replace(/\/\/[^@/]*@/, '//') : `${machine} ${archive}`;
  return `sweep.${createHash('sha256').update(database).digest('hex').slice(0, 16)}`;
}
