import { setTimeout as wait } from 'node:timers/promises';

import type { Bus, Change } from '@seatrial/bus';
import {
  type BucketContract,
  Inventory,
  type ResourceRecord,
  SampleBatches,
  type SampleBatch,
  TargetStates,
  type TargetState,
} from '@seatrial/contracts';
import { EstateGraph, isAlive, LastValues } from '@seatrial/estate';
import type { ServiceLog } from '@seatrial/service';

import { Coverage } from './coverage.ts';

/** How far back the stream is read at the start, so that last values are there at once, ms. */
const READ_BACK_MS = 60_000;
/** Pause before a watch that ended begins anew, ms. */
const RETRY_MS = 1_000;
/** How often values of resources that are not in the estate are forgotten, ms of stream time. */
const SWEEP_MS = 60_000;

/**
 * What is known of the whole estate now: inventory and target states as the bus keeps them, last values from the stream. Every replica has it, whichever targets it
 * polls itself, and rebuilds it from the bus after a restart.
 */
export class LiveEstate {
  readonly graph = new EstateGraph();
  readonly values = new LastValues();
  readonly #targets = new Map<string, TargetState>();
  readonly #coverage = new Coverage();
  readonly #bus: Pick<Bus, 'bucket' | 'read'>;
  readonly #log: Pick<ServiceLog, 'error'>;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>[] = [];
  /** Resources with values that are not in the inventory: not yet, or not any more. */
  readonly #strangers = new Set<string>();
  #sweptAtMs = 0;
  /** Batches that came from a poller that has been replaced. Malformed ones do not get here: the bus counts and drops them. */
  readonly dropped = { fenced: 0 };

  constructor(bus: Pick<Bus, 'bucket' | 'read'>, log: Pick<ServiceLog, 'error'>) {
    this.#bus = bus;
    this.#log = log;
  }

  /** Resolves when inventory and targets are complete. */
  async start(): Promise<void> {
    const { signal } = this.#stop;
    const inventory = Promise.withResolvers<void>();
    const targets = Promise.withResolvers<void>();
    this.#running.push(
      this.#again('inventory', () => this.#watchInventory(signal, inventory.resolve)),
      this.#again('targets', () => this.#watchTargets(signal, targets.resolve)),
      this.#again('samples', () => this.#watchSamples(signal)),
    );
    await Promise.race([
      Promise.all([inventory.promise, targets.promise]),
      new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true })),
    ]);
  }

  /** Ends all watches. Safe to repeat. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#running);
  }

  /** All targets, by id. */
  get targets(): TargetState[] {
    return [...this.#targets.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Share of due ticks that arrived in the last minute, by target. Absent where nothing is due; 0 where something is and nothing came. */
  coverage(nowMs: number): Map<string, number> {
    const shares = new Map<string, number>();
    for (const { id } of this.#targets.values()) {
      const share = this.#coverage.of(id, nowMs) ?? (this.#isDue(id) ? 0 : undefined);
      if (share !== undefined) shares.set(id, share);
    }
    return shares;
  }

  #isDue(target: string): boolean {
    for (const record of this.graph.records)
      if (record.tgt === target && (record.kind === 'host' || isAlive(record))) return true;
    return false;
  }

  async #watchInventory(signal: AbortSignal, synced: () => void): Promise<void> {
    const ids = new Map<string, string>();
    const forget = (id: string): void => {
      this.graph.delete(id);
      this.values.forget(id);
    };
    for await (const change of this.#changes<ResourceRecord>(Inventory, signal)) {
      if (change.op === 'put') {
        ids.set(change.key, change.value.id);
        this.graph.put(change.value);
      } else if (change.op === 'delete') {
        const id = ids.get(change.key);
        ids.delete(change.key);
        if (id !== undefined) forget(id);
      } else {
        // A watch that began anew was not told what vanished before it.
        const there = new Set(ids.values());
        for (const { id } of [...this.graph.records]) if (!there.has(id)) forget(id);
        synced();
      }
    }
  }

  async #watchTargets(signal: AbortSignal, synced: () => void): Promise<void> {
    const keys = new Set<string>();
    for await (const change of this.#changes<TargetState>(TargetStates, signal)) {
      if (change.op === 'put') {
        keys.add(change.key);
        this.#targets.set(change.key, change.value);
      } else if (change.op === 'delete') {
        keys.delete(change.key);
        this.#targets.delete(change.key);
      } else {
        for (const key of [...this.#targets.keys()]) if (!keys.has(key)) this.#targets.delete(key);
        synced();
      }
    }
  }

  #changes<V>(bucket: BucketContract<V>, signal: AbortSignal): AsyncIterable<Change<V>> {
    return this.#bus.bucket(bucket).watch({ signal, snapshot: true });
  }

  async #watchSamples(signal: AbortSignal): Promise<void> {
    const from = { time: new Date(Date.now() - READ_BACK_MS) };
    for await (const { data } of this.#bus.read(SampleBatches, { from, follow: true, signal })) this.#take(data);
  }

  #take(batch: SampleBatch): void {
    if (!this.values.take(batch)) {
      this.dropped.fenced++;
      return;
    }
    this.#coverage.arrived(batch.tgt, batch.t0, batch.iv * 1000);
    for (const id of batch.rs) if (this.graph.get(id) === undefined) this.#strangers.add(id);
    if (Math.abs(batch.t0 - this.#sweptAtMs) >= SWEEP_MS) this.#sweep(batch.t0);
  }

  /** A sample may come before its resource, or after its removal; only the latter must not stay. */
  #sweep(atMs: number): void {
    this.#sweptAtMs = atMs;
    const strangers = [...this.#strangers];
    this.#strangers.clear();
    for (const id of strangers) if (this.graph.get(id) === undefined) this.values.forget(id);
  }

  async #again(what: string, watch: () => Promise<void>): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await watch();
      } catch (error) {
        if (signal.aborted) return;
        this.#log.error({ err: error, what }, 'a watch of the estate ended; it begins again');
      }
      await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
    }
  }
}
