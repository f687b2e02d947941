import type { LeaseRecord } from '@seatrial/contracts';

import { LeaseLost, RevisionConflict } from '../errors.ts';
import type { Bucket } from './bucket.ts';
import type { CompiledLeaseOptions } from './lease-options.ts';

/** What a lease needs of a bucket. */
export type LeaseStore = Pick<Bucket<LeaseRecord>, 'get' | 'create' | 'update' | 'delete'>;

/** A lease that is held, as long as `held` says so. Disposing gives it back. */
export interface HeldLease extends AsyncDisposable {
  /** Fencing token: revision of the acquiring write. Greater than that of every holder before. */
  readonly fence: number;
  /** Aborts when the lease is lost, given back, or its time ends on the clock of this process. */
  readonly signal: AbortSignal;
  /** False from the moment its time ends, also before any timer had a chance to run. */
  readonly held: boolean;
  /** Stops renewing and gives it back, so that another need not wait. Safe to repeat. */
  release(): Promise<void>;
}

/** Renews until it is lost, given back, or its time ends. */
export class Held implements HeldLease {
  readonly fence: number;
  readonly #store: LeaseStore;
  readonly #key: string;
  readonly #options: CompiledLeaseOptions;
  readonly #record: LeaseRecord;
  readonly #abort = new AbortController();
  readonly #renewing: Promise<void>;
  #revision: number;
  /** The holder acts until here, on its own clock: counted from before the write was sent, so it ends before the server's or any observer's count. */
  #until: number;
  #release: Promise<void> | undefined;

  constructor(
    store: LeaseStore,
    key: string,
    options: CompiledLeaseOptions,
    record: LeaseRecord,
    began: number,
    closing: AbortSignal,
  ) {
    this.#store = store;
    this.#key = key;
    this.#options = options;
    this.#record = record;
    this.fence = record.fence;
    this.#revision = record.fence;
    this.#until = this.#end(began);
    this.#renewing = this.#renew();
    void this.#watchTime();
    const stop = (): void => void this.release();
    for (const signal of [closing, ...(options.signal === undefined ? [] : [options.signal])])
      signal.addEventListener('abort', stop, { once: true, signal: this.#abort.signal });
  }

  get held(): boolean {
    this.#checkTime();
    return !this.#abort.signal.aborted;
  }

  get signal(): AbortSignal {
    this.#checkTime();
    return this.#abort.signal;
  }

  release(): Promise<void> {
    this.#release ??= this.#giveBack();
    return this.#release;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.release();
  }

  async #giveBack(): Promise<void> {
    const lost = this.#abort.signal.aborted;
    this.#lose('it was given back');
    await this.#renewing;
    if (lost) return;
    try {
      await this.#store.delete(this.#key, this.#revision);
    } catch {
      // Taken over or unreachable: it ends by itself.
    }
  }

  async #renew(): Promise<void> {
    const { clock, renewMs, marginMs } = this.#options;
    const { signal } = this.#abort;
    let pause = renewMs;
    for (;;) {
      await clock.sleep(pause, signal);
      if (!this.held) return;
      const began = clock.now();
      try {
        this.#revision = await this.#store.update(this.#key, this.#record, this.#revision);
        // An answer that comes after the end changes nothing: work under the lease has stopped.
        if (!this.held) return;
        this.#until = this.#end(began);
        pause = renewMs;
      } catch (error) {
        if (error instanceof RevisionConflict) {
          this.#lose('another process took over');
          return;
        }
        // Unreachable or slow: try again until the time ends.
        pause = marginMs / 2;
      }
    }
  }

  async #watchTime(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#abort;
    while (this.held) await clock.sleep(this.#until - clock.now(), signal);
  }

  #checkTime(): void {
    if (!this.#abort.signal.aborted && this.#options.clock.now() >= this.#until)
      this.#lose('its time ended before it could be renewed');
  }

  #lose(why: string): void {
    this.#abort.abort(new LeaseLost(this.#key, why));
  }

  #end(began: number): number {
    return began + this.#options.ttlMs - this.#options.marginMs;
  }
}
