import type { BucketContract } from '@seatrial/contracts';

import { BusConfigError } from '../errors.ts';
import { ProcessClock, type MonotonicClock } from './clock.ts';

/** How a lease is held. */
export interface LeaseOptions {
  /** Time that one write is good for, ms. @default max age of the bucket */ readonly ttlMs?: number;
  /** Pause between renewals, ms. @default a third of `ttlMs` */ readonly renewMs?: number;
  /** The holder stops this much before its time ends; an observer waits this much longer, ms. @default a tenth of `ttlMs` */ readonly marginMs?: number;
  /** Gives up waiting for it, and gives it back. */ readonly signal?: AbortSignal;
  /** Name in the record. @default instance of the bus */ readonly holder?: string;
  /** @default CLOCK_MONOTONIC of the process */ readonly clock?: MonotonicClock;
}

/** What the rest of the code sees: no optional time, every relation checked. */
export interface CompiledLeaseOptions {
  readonly ttlMs: number;
  readonly renewMs: number;
  readonly marginMs: number;
  /** Pause between looks of a contender, ms. */
  readonly lookMs: number;
  readonly holder: string;
  readonly signal: AbortSignal | undefined;
  readonly clock: MonotonicClock;
}

/** Fills in defaults. @throws BusConfigError naming the field and its range */
export function compileLeaseOptions(
  contract: BucketContract<never>,
  holder: string,
  options: LeaseOptions,
): CompiledLeaseOptions {
  const ttlMs = options.ttlMs ?? contract.maxAgeMs;
  if (!(ttlMs > 0))
    throw new BusConfigError('ttlMs', `bucket ${contract.name} has no max age, so the time to live has to be given`);
  if (contract.maxAgeMs > 0 && ttlMs > contract.maxAgeMs)
    throw new BusConfigError(
      'ttlMs',
      `${ttlMs} is more than the max age of bucket ${contract.name}, ${contract.maxAgeMs}`,
    );
  const marginMs = options.marginMs ?? ttlMs / 10;
  if (!(marginMs > 0) || marginMs > ttlMs / 2)
    throw new BusConfigError('marginMs', `${marginMs} is not between 0 and half of ttlMs`);
  const renewMs = options.renewMs ?? ttlMs / 3;
  if (!(renewMs > 0) || renewMs >= ttlMs - marginMs)
    throw new BusConfigError('renewMs', `${renewMs} is not between 0 and ttlMs - marginMs, ${ttlMs - marginMs}`);
  return {
    ttlMs,
    renewMs,
    marginMs,
    // A lease that is given back is taken over within a second.
    lookMs: Math.min(1_000, Math.max(50, ttlMs / 10)),
    holder: options.holder ?? holder,
    signal: options.signal,
    clock: options.clock ?? new ProcessClock(),
  };
}
