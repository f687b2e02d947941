import { CollectorLeases, type LeaseRecord } from '@seatrial/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { LeaseLost, RevisionConflict } from '../errors.ts';
import type { Entry } from './bucket.ts';
import { FakeClock } from './fake-clock.ts';
import type { HeldLease, LeaseStore } from './held-lease.ts';
import { compileLeaseOptions, type LeaseOptions } from './lease-options.ts';
import { Lease } from './lease.ts';
import { Observation } from './observation.ts';

const TTL = 1_000;
const MARGIN = 100;

/** One key with the server's rules: compare-and-set, and a max age on a clock of its own. */
class Key implements LeaseStore {
  readonly #clock: FakeClock;
  #revision = 0;
  #entry: Entry<LeaseRecord> | undefined;
  #at = 0;
  /** Fails every write while set. */
  down = false;

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  get current(): Entry<LeaseRecord> | undefined {
    if (this.#entry !== undefined && this.#clock.now() - this.#at >= TTL) this.#entry = undefined;
    return this.#entry;
  }
  get(): Promise<Entry<LeaseRecord> | undefined> {
    return Promise.resolve(this.current);
  }
  create(key: string, value: LeaseRecord): Promise<number> {
    return this.#write(key, value, 0);
  }
  update(key: string, value: LeaseRecord, revision: number): Promise<number> {
    return this.#write(key, value, revision);
  }
  async delete(key: string, revision = 0): Promise<void> {
    await this.#write(key, undefined, revision);
  }

  #write(key: string, value: LeaseRecord | undefined, expected: number): Promise<number> {
    if (this.down) return Promise.reject(new Error('unreachable'));
    if ((this.current?.revision ?? 0) !== expected)
      return Promise.reject(new RevisionConflict('leases', key, expected));
    const revision = ++this.#revision;
    this.#at = this.#clock.now();
    this.#entry = value === undefined ? undefined : { key, value, revision, created: new Date(0) };
    return Promise.resolve(revision);
  }
}

function contender(key: Key, clock: FakeClock, options: LeaseOptions = {}): Lease {
  const compiled = compileLeaseOptions(CollectorLeases as never, 'me', {
    ttlMs: TTL,
    marginMs: MARGIN,
    renewMs: 300,
    clock,
    ...options,
  });
  return new Lease(key, 'frame', compiled, new AbortController().signal);
}

async function acquired(lease: Lease): Promise<HeldLease> {
  const held = await lease.tryAcquire();
  if (held === undefined) throw new Error('not acquired');
  return held;
}

describe('a lease', () => {
  test('is held by one, whose fence is the revision of the acquiring write, and renewed beyond its time', async () => {
    const clock = new FakeClock();
    const key = new Key(clock);
    const held = await acquired(contender(key, clock));
    expect(held.fence).toBe(1);
    await clock.advance(10 * TTL);
    expect(held.held).toBe(true);
    expect(await contender(key, clock).tryAcquire()).toBeUndefined();
    expect(key.current).toMatchObject({ value: { holder: 'me', fence: 1 } });
    expect(key.current?.revision).toBeGreaterThan(10);
    await held.release();
  });

  test('that is given back is free at once, and its next fence is greater', async () => {
    const clock = new FakeClock();
    const key = new Key(clock);
    const first = await acquired(contender(key, clock));
    await first.release();
    expect(first.held).toBe(false);
    expect(first.signal.aborted).toBe(true);
    const second = await acquired(contender(key, clock));
    expect(second.fence).toBeGreaterThan(first.fence);
    await Promise.all([first.release(), second.release(), second.release()]);
  });

  test('ends for its holder before its time when it cannot be renewed, and comes to another after it', async () => {
    const clock = new FakeClock();
    const key = new Key(clock);
    const held = await acquired(contender(key, clock));
    const other = contender(key, clock);
    const waiting = other.acquire();
    key.down = true;
    await clock.advance(TTL - MARGIN - 10);
    expect(held.held).toBe(true);
    await clock.advance(10);
    expect(held.held).toBe(false);
    expect(held.signal.reason).toBeInstanceOf(LeaseLost);
    key.down = false;
    await clock.advance(TTL + 2 * MARGIN);
    const next = await waiting;
    expect(next.fence).toBeGreaterThan(held.fence);
    await next.release();
  });

  test('of a process that was stopped past its time is lost the moment it looks, before any timer ran', async () => {
    const clock = new FakeClock();
    const key = new Key(clock);
    const held = await acquired(contender(key, clock));
    const { signal } = held;
    expect(signal.aborted).toBe(false);
    clock.jump(TTL);
    expect(held.held).toBe(false);
    expect(signal.aborted).toBe(true);
    const other = await acquired(contender(key, clock));
    await clock.advance(TTL);
    expect(held.held).toBe(false);
    expect(other.held).toBe(true);
    // What the former holder gives back is not what the other holds.
    await held.release();
    expect(key.current?.value.fence).toBe(other.fence);
    await other.release();
  });

  test('that another took is lost at the next renewal', async () => {
    const clock = new FakeClock();
    const key = new Key(clock);
    const held = await acquired(contender(key, clock));
    await key.delete('frame', key.current?.revision);
    await key.create('frame', { holder: 'other', fence: 0, acquiredAt: new Date(0).toISOString() });
    await clock.advance(310);
    expect(held.held).toBe(false);
    expect((held.signal.reason as Error).message).toContain('took over');
  });

  test('is no longer waited for when the signal aborts', async () => {
    const clock = new FakeClock();
    const key = new Key(clock);
    const held = await acquired(contender(key, clock));
    const stop = new AbortController();
    const waiting = contender(key, clock, { signal: stop.signal }).acquire();
    waiting.catch(() => undefined);
    await clock.advance(500);
    stop.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    await held.release();
  });

  test('never has two holders, however renewals fail, processes stop and time passes', async () => {
    // Without a pause between a stop and a look, no timer of the holder runs in between.
    const step = fc.record({
      who: fc.nat(2),
      ms: fc.oneof(fc.constant(0), fc.nat(700)),
      act: fc.constantFrom('look', 'look', 'stop', 'cut', 'mend', 'release'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const clock = new FakeClock();
        const key = new Key(clock);
        const leases = [0, 1, 2].map(() => contender(key, clock));
        const held: (HeldLease | undefined)[] = [undefined, undefined, undefined];
        const fences: number[] = [];
        for (const { who, ms, act } of steps) {
          if (act === 'stop') clock.jump(ms);
          else await clock.advance(ms, 50);
          if (act === 'cut') key.down = true;
          if (act === 'mend') key.down = false;
          if (act === 'release') await held[who]?.release();
          if (act === 'look' && held[who]?.held !== true) {
            held[who] = await leases[who]?.tryAcquire().catch(() => undefined);
            if (held[who] !== undefined) fences.push(held[who].fence);
          }
          expect(held.filter((lease) => lease?.held === true).length).toBeLessThanOrEqual(1);
        }
        expect(fences.toSorted((a, b) => a - b)).toEqual(fences);
        for (const lease of held) await lease?.release();
      }),
      { numRuns: 200 },
    );
  });
});

describe('an observer', () => {
  test('takes a lease for ended only after one revision stood for ttl + margin on its own clock', () => {
    const observation = new Observation(TTL, MARGIN);
    expect(observation.see(7, 5_000)).toBe('held');
    expect(observation.see(7, 5_000 + TTL + MARGIN - 1)).toBe('held');
    expect(observation.see(8, 5_000 + TTL + MARGIN)).toBe('held');
    expect(observation.see(8, 5_000 + 2 * (TTL + MARGIN) - 1)).toBe('held');
    expect(observation.see(8, 5_000 + 2 * (TTL + MARGIN))).toBe('expired');
    expect(observation.see(undefined, 0)).toBe('free');
  });
});

test.each([
  [{ ttlMs: 20_000 }, 'ttlMs'],
  [{ ttlMs: 0 }, 'ttlMs'],
  [{ marginMs: 9_000 }, 'marginMs'],
  [{ renewMs: 14_000 }, 'renewMs'],
])('an option out of range is named: %j', (options, field) => {
  expect(() => compileLeaseOptions(CollectorLeases as never, 'me', options)).toThrow(
    expect.objectContaining({ code: 'E-BUS-CONFIG', details: { field } }),
  );
});
