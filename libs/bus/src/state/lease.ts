import type { BucketContract, LeaseRecord } from '@seatrial/contracts';

import type { Connection } from '../connection/connection.ts';
import { RevisionConflict } from '../errors.ts';
import { atMost } from '../handling/at-most.ts';
import { Bucket } from './bucket.ts';
import { Held, type HeldLease, type LeaseStore } from './held-lease.ts';
import { compileLeaseOptions, type CompiledLeaseOptions, type LeaseOptions } from './lease-options.ts';
import { Observation } from './observation.ts';

/** Registers what runs before the connection ends. Returns what takes it out again. */
type AtClose = (giveBack: () => unknown) => () => void;

/** Time to give a lease back at the end, ms. */
const GIVE_BACK_MS = 2_000;

/**
 * The right to do something that only one process may do at a time, kept in a bucket. Work under it carries the fence, so that what a former holder
 * still sends can be told from what the present one sends.
 */
export class Lease {
  readonly #store: LeaseStore;
  readonly #key: string;
  readonly #options: CompiledLeaseOptions;
  readonly #closing: AbortSignal;
  readonly #atClose: AtClose;
  #observation: Observation;

  /** `store` keeps the record, `closing` ends everything, `atClose` has what is held given back before the connection ends. */
  constructor(
    store: LeaseStore,
    key: string,
    options: CompiledLeaseOptions,
    closing: AbortSignal,
    atClose: AtClose = () => () => undefined,
  ) {
    this.#store = store;
    this.#key = key;
    this.#options = options;
    this.#closing = closing;
    this.#atClose = atClose;
    this.#observation = new Observation(options.ttlMs, options.marginMs);
  }

  /** @throws BusConfigError */
  static of(
    connection: Connection,
    contract: BucketContract<LeaseRecord>,
    key: string,
    options: LeaseOptions = {},
  ): Lease {
    const compiled = compileLeaseOptions(contract as never, connection.instance, options);
    // A write that took longer than the lease lives would renew nothing.
    const bucket = new Bucket(connection, contract, { deadlineMs: compiled.ttlMs });
    return new Lease(bucket, key, compiled, connection.closing, (giveBack) => connection.onClose('finish', giveBack));
  }

  /** Waits until it is held. @throws the reason of the signal, BusClosed, and what the bucket throws (NotProvisioned, PublishRefused) */
  async acquire(): Promise<HeldLease> {
    const { clock, lookMs, signal } = this.#options;
    const end = signal === undefined ? this.#closing : AbortSignal.any([signal, this.#closing]);
    for (;;) {
      end.throwIfAborted();
      const held = await this.tryAcquire();
      if (held !== undefined) {
        if (!end.aborted) return held;
        await held.release();
        end.throwIfAborted();
      }
      await clock.sleep(lookMs, end);
    }
  }

  /**
   * One look, and one try if the key is free or its holder has not renewed for too long. Undefined when another holds it. A single look can never find
   * a holder late: that takes looks of this same object over more than the time to live.
   */
  async tryAcquire(): Promise<HeldLease | undefined> {
    const { clock, holder } = this.#options;
    const seen = await this.#store.get(this.#key);
    const state = this.#observation.see(seen?.revision, clock.now());
    if (state === 'held') return undefined;
    const began = clock.now();
    const record: LeaseRecord = { holder, fence: 0, acquiredAt: new Date().toISOString() };
    try {
      const fence = await (seen === undefined
        ? this.#store.create(this.#key, record)
        : this.#store.update(this.#key, record, seen.revision));
      this.#observation = new Observation(this.#options.ttlMs, this.#options.marginMs);
      const held = new Held(this.#store, this.#key, this.#options, { ...record, fence }, began, this.#closing);
      // A broker that is gone must not hold the shutdown: then the lease ends by its age.
      const off = this.#atClose(() => atMost(GIVE_BACK_MS, held.release()));
      if (held.signal.aborted) off();
      else held.signal.addEventListener('abort', () => void held.release().finally(off), { once: true });
      return held;
    } catch (error) {
      if (error instanceof RevisionConflict) return undefined;
      throw error;
    }
  }
}
