import { setTimeout as wait } from 'node:timers/promises';

import { type Bus, type HeldLease, uuidv7 } from '@seatrial/bus';
import { IsolationCursors, IsolationLeases, type AuditResult, type SeatrialError } from '@seatrial/contracts';
import { type DockerEngine, type EngineEvent, followEvents } from '@seatrial/docker';
import type { ServiceLog } from '@seatrial/service';

import { isEngineFault } from '../evidence/engine-fault.ts';
import { Alarm } from './alarm.ts';
import { completedOf, publishCompleted } from './completed.ts';
import type { AuditRequest, EngineAuditor, Trigger } from './engine-auditor.ts';
import { type Mention, Pending } from './pending.ts';
import type { Changes } from './settler.ts';
import { SourceBoard } from './source-board.ts';

export interface EngineWatchParts {
  readonly bus: Bus;
  readonly engine: DockerEngine;
  readonly auditor: EngineAuditor;
  readonly store: { refresh(): Promise<void> };
  readonly log: ServiceLog;
  readonly reconcileS: number;
  /** Called for each look that events caused, with the time from the first event to the published findings, ms. */
  readonly onLook: (changes: Changes, ms: number) => void;
  readonly onCompleted: (result: AuditResult) => void;
}

/** Events after which the verdict on a container may differ. */
const CONTAINER_ACTIONS = new Set([
  'create',
  'start',
  'restart',
  'update',
  'rename',
  'pause',
  'unpause',
  'die',
  'destroy',
  'exec_start',
  'exec_die',
]);
/** Pause after a fault, ms; doubled each time up to the interval of reconciliation. */
const RETRY_MS = 2_000;
/** Configurations that are read ahead at once: a container that lives for some milliseconds must not wait for its turn. */
const HELD_AT_ONCE = 64;

/** Keeps the findings of one engine up to date for as long as it holds the engine's lease: by its events, and by a full comparison now and then. */
export class EngineWatch {
  readonly #parts: EngineWatchParts;
  readonly #stop = new AbortController();
  readonly #pending = new Pending();
  readonly #compareNow = new Alarm();
  readonly #board: SourceBoard;
  #running: Promise<void> | undefined;
  /** Number of the connection that is open; undefined while there is none. */
  #connection: number | undefined;
  #connections = 0;
  #since: string | undefined;

  constructor(parts: EngineWatchParts) {
    this.#parts = parts;
    this.#board = new SourceBoard(parts.bus, { id: parts.auditor.id, address: parts.engine.address });
  }

  /** Target id of the engine. */
  get id(): string {
    return this.#parts.auditor.id;
  }

  /** Why the engine cannot be audited now, or not wholly; undefined while all is well. */
  get fault(): SeatrialError | undefined {
    return this.#board.fault;
  }

  start(): void {
    this.#running ??= this.#watch();
  }

  /** Idempotent; resolves when nothing of it runs any more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #watch(): Promise<void> {
    const { bus, log, auditor } = this.#parts;
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        await using lease = await bus.lease(IsolationLeases, this.id, { signal }).acquire();
        await this.#hold(lease, AbortSignal.any([signal, lease.signal]));
      } catch (error) {
        if (signal.aborted) return;
        log.warn({ err: error, engine: this.id }, 'the watch of an engine stopped; it starts again');
        await wait(RETRY_MS, undefined, { signal }).catch(() => undefined);
      } finally {
        auditor.leads = false;
      }
    }
  }

  async #hold(_: HeldLease, signal: AbortSignal): Promise<void> {
    const { bus, auditor, store } = this.#parts;
    this.#since = (await bus.bucket(IsolationCursors).get(this.id))?.value.eventSince;
    // Another replica may have written meanwhile.
    await store.refresh();
    auditor.leads = true;
    const ended = new AbortController();
    const both = AbortSignal.any([signal, ended.signal]);
    const loops = [this.#follow(both), this.#lookAtNamed(both), this.#reconcile(both)];
    // All of them end before the lease is given back.
    const outcomes = await Promise.allSettled(loops.map((loop) => loop.finally(() => ended.abort())));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const { engine, auditor } = this.#parts;
    try {
      for await (const next of followEvents(engine, {
        signal,
        ...(this.#since !== undefined && { since: this.#since }),
      })) {
        if (next.kind === 'event') {
          this.#name(next.event, next.position, signal);
        } else if (next.kind === 'connected') {
          this.#connection = ++this.#connections;
          await this.#board.catchingUp();
          this.#compareNow.ring();
        } else {
          this.#connection = undefined;
          await this.#board.down(next.error);
          await auditor.lost({ event: 'source lost' });
        }
      }
    } finally {
      this.#connection = undefined;
    }
  }

  #name(event: EngineEvent, position: string, signal: AbortSignal): void {
    const mention: Mention = { action: event.action, position, at: new Date(event.atMs).toISOString() };
    if (event.type === 'container' && CONTAINER_ACTIONS.has(event.action))
      this.#pending.add(event.actorId, event.action === 'create' ? this.#holding(event, mention, signal) : mention);
    const joined = event.attributes['container'];
    if ((event.type === 'network' || event.type === 'volume') && joined !== undefined)
      this.#pending.add(joined, mention);
  }

  #holding(event: EngineEvent, mention: Mention, signal: AbortSignal): Mention {
    if (this.#pending.size >= HELD_AT_ONCE) return mention;
    return { ...mention, held: this.#parts.engine.inspect(event.actorId, signal).catch(() => undefined) };
  }

  async #lookAtNamed(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const named = await this.#pending.take(signal);
      const [first] = named.values();
      if (first === undefined) return;
      try {
        const containers = await Promise.all([...named].map(async ([id, { held }]) => ({ id, held: await held })));
        const changes = await this.#parts.auditor.some(
          containers,
          { event: `${first.action} ${first.position}`.slice(0, 200), eventAt: first.at },
          signal,
        );
        this.#parts.onLook(changes, Math.max(0, Date.now() - Date.parse(first.at)));
        await this.#reached([...named.values()].map(({ position }) => position));
      } catch (error) {
        signal.throwIfAborted();
        // Whatever went away meanwhile: the comparison sees what these events told.
        this.#parts.log.warn(
          { err: error, engine: this.id, containers: named.size },
          'containers that events named could not be audited',
        );
        this.#compareNow.ring();
      }
    }
  }

  async #reconcile(signal: AbortSignal): Promise<void> {
    const intervalMs = this.#parts.reconcileS * 1000;
    let trigger: Trigger = 'start';
    // The first connection starts the first comparison.
    let pauseMs = Infinity;
    let retryMs = RETRY_MS;
    while (!signal.aborted) {
      await this.#compareNow.wait(pauseMs, signal);
      pauseMs = intervalMs;
      if (signal.aborted || this.#connection === undefined) continue;
      if (await this.#compare(trigger, signal)) {
        trigger = 'reconcile';
        retryMs = RETRY_MS;
      } else {
        pauseMs = Math.min(retryMs, intervalMs);
        retryMs *= 2;
      }
    }
  }

  /** Looks at everything; false when that failed. A failure is told and mended by the next look. */
  async #compare(trigger: Trigger, signal: AbortSignal): Promise<boolean> {
    const { auditor, bus, log, onCompleted } = this.#parts;
    const connection = this.#connection;
    const request: AuditRequest = { auditId: uuidv7(), trigger, scope: {}, mode: 'effective', signal };
    try {
      const audit = await auditor.all(request);
      const missed = [...audit.opened, ...audit.resolved].filter((id) => !this.#pending.has(id));
      const result = completedOf(request, [audit], { missedEvents: trigger === 'reconcile' ? missed.length : 0 });
      await publishCompleted(bus, request, result);
      onCompleted(result);
      await this.#board.sees(auditor.host, auditor.blindSpot);
      // The stream may have been cut while this look ended well.
      if (connection === this.#connection) await this.#board.up();
      return true;
    } catch (error) {
      signal.throwIfAborted();
      log.warn({ err: error, engine: this.id }, 'an engine could not be audited');
      if (!isEngineFault(error)) return false;
      await this.#board.down(error);
      await auditor.lost({ event: 'source lost' });
      return false;
    }
  }

  /** Positions come in the order of the stream, but containers are looked at together: the newest is where a successor goes on. */
  async #reached(positions: readonly string[]): Promise<void> {
    const newest = positions.toSorted(comparePositions).at(-1);
    if (newest === undefined || (this.#since !== undefined && comparePositions(newest, this.#since) <= 0)) return;
    this.#since = newest;
    await this.#parts.bus
      .bucket(IsolationCursors)
      .put(this.id, { eventSince: newest, updatedAt: new Date().toISOString() });
  }
}

/** Orders `seconds.nanoseconds` (nine digits). */
function comparePositions(a: string, b: string): number {
  const [x = 0n, y = 0n] = [a, b].map((position) => BigInt(position.replace('.', '')));
  return x === y ? 0 : x < y ? -1 : 1;
}
