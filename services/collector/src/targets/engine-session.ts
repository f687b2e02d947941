import { SeatrialError, SourceEvents } from '@seatrial/contracts';
import {
  type ContainerInspect,
  type EngineEvent,
  EngineProtocolBroken,
  type EventSignal,
  followEvents,
} from '@seatrial/docker';
import { containerDraft, resourceId } from '@seatrial/estate';

import { isMisfit, subjectOf } from '../inventory/inventory-writer.ts';
import { ticks } from '../sampling/ticks.ts';
import { ContainerSamplers } from './container-samplers.ts';
import { lifeOf, listEngine, listKind, lookAt, OTHER_KINDS } from './engine-facts.ts';
import { EngineSampling } from './engine-sampling.ts';
import type { SessionOptions, SessionParts } from './session-parts.ts';
import { sourceEventOf } from './source-event.ts';

/** Actions after which a container must be looked at again. */
const LIFECYCLE = new Set([
  'create',
  'start',
  'restart',
  'die',
  'stop',
  'oom',
  'pause',
  'unpause',
  'rename',
  'update',
  'health_status',
  'connect',
  'disconnect',
]);

/** The loops over one engine under one lease: follow its events, look whether it answers, sample its containers. */
export class EngineSession implements Disposable {
  readonly #parts: SessionParts;
  readonly #options: SessionOptions;
  readonly #sampling: EngineSampling;
  /** The event stream is open. */
  #streaming = false;
  /** The last look at the engine got an answer. */
  #answering = false;
  #listed: 'never' | 'before' = 'never';
  #listedAtMs = 0;
  #version: string | undefined;
  #uuid = '';
  /** Looks at the engine follow each other: a listing must not overwrite what a later event has told. */
  #turn: Promise<void> = Promise.resolve();

  constructor(parts: SessionParts, options: SessionOptions) {
    this.#parts = parts;
    this.#options = options;
    this.#sampling = new EngineSampling(parts, options);
  }

  /** Works until the signal aborts. A loop that fails ends the others, so that the target starts anew as a whole. */
  async run(signal: AbortSignal): Promise<void> {
    const failed = new AbortController();
    const both = AbortSignal.any([signal, failed.signal]);
    const loops = [this.#follow(both), this.#watch(both), ...this.#sampling.loops(both)].map(async (loop) => {
      try {
        await loop;
      } catch (error) {
        if (!both.aborted) throw error;
      } finally {
        failed.abort();
      }
    });
    for (const end of await Promise.allSettled(loops)) if (end.status === 'rejected') throw end.reason;
  }

  [Symbol.dispose](): void {
    this.#sampling[Symbol.dispose]();
  }

  /** Publishes the event stream, and lists after every (re)connection. */
  async #follow(signal: AbortSignal): Promise<void> {
    const { engine, position } = this.#parts;
    const from = position.since === undefined ? {} : { since: position.since };
    for await (const next of followEvents(engine, { signal, ...from })) {
      await this.#inTurn(() => this.#take(next, signal));
    }
  }

  /**
   * Looks once an interval whether the engine answers. Its event stream does not tell: it is as silent when the engine hangs as when nothing happens. Lists again after
   * a failure, and now and then: what the events missed comes to light then.
   */
  async #watch(signal: AbortSignal): Promise<void> {
    const { intervalS, resyncIntervalS } = this.#options;
    for await (const _ of ticks(intervalS * 1000, signal)) {
      await this.#inTurn(async () => {
        if (!this.#streaming) return; // It is tried again there, and listed after that.
        if (!this.#answering) await this.#list('reconnect', signal);
        else if (Date.now() - this.#listedAtMs >= resyncIntervalS * 1000) await this.#list('periodic', signal);
        else await this.#probe(signal);
        for (const id of this.#sampling.takeGone()) await this.#look(id, signal);
      });
    }
  }

  async #inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => undefined);
    await mine;
  }

  async #take(next: EventSignal, signal: AbortSignal): Promise<void> {
    switch (next.kind) {
      case 'connected':
        this.#streaming = true;
        await this.#list(this.#listed === 'never' ? 'start' : 'reconnect', signal);
        return;
      case 'disconnected':
        this.#streaming = false;
        await this.#lost(next.error);
        return;
      case 'event':
        await this.#publish(next.event, next.position);
        await this.#apply(next.event, signal);
    }
  }

  async #publish(event: EngineEvent, position: string): Promise<void> {
    const { bus, log } = this.#parts;
    const published = sourceEventOf(this.#options.id, event);
    const { id, resource } = published;
    // An earlier process published it; a stream that starts at its position gives it again.
    if (!this.#parts.position.isLast(id)) {
      try {
        await bus.publish(SourceEvents, published, { id, ...subjectOf(resource) });
      } catch (error) {
        if (!isMisfit(error)) throw error;
        log.warn({ err: error, event: id }, 'an event of the engine does not fit its message');
      }
    }
    this.#parts.position.reached(position, id);
  }

  /** Brings the inventory up to what the event tells. */
  async #apply({ type, action, actorId, attributes }: EngineEvent, signal: AbortSignal): Promise<void> {
    if (type === 'container') {
      // The files of an ended life go on answering in part.
      if (action === 'die' || action === 'destroy') this.#sampling.samplers?.drop(actorId);
      if (action === 'destroy') await this.#parts.inventory.remove(resourceId(this.#options.id, actorId));
      else if (LIFECYCLE.has(action)) await this.#look(actorId, signal);
      return;
    }
    const container = attributes['container'];
    if (container !== undefined && (action === 'connect' || action === 'disconnect'))
      await this.#look(container, signal);
    else if (container === undefined && !action.endsWith('mount')) await this.#listKind(type, signal);
  }

  /** Lists everything. An engine that does not answer is no failure of ours: it is told, and tried again. */
  async #list(reason: 'start' | 'reconnect' | 'periodic', signal: AbortSignal): Promise<void> {
    const { engine, inventory, gaps } = this.#parts;
    const { id, local } = this.#options;
    const listing = await this.#ask(() => listEngine(engine, id, local?.host, signal), signal);
    if (listing === undefined) return;
    await inventory.sync(listing.drafts, reason);
    this.#version = listing.version;
    this.#uuid = listing.info.ID;
    this.#listedAtMs = Date.now();
    const samplers = (this.#sampling.samplers ??= ContainerSamplers.of(engine, {
      tgt: id,
      roots: local?.roots,
      hostMemoryBytes: listing.info.MemTotal,
    }));
    samplers.keep(new Set(listing.running.map(({ Id }) => Id)));
    for (const inspect of listing.running) samplers.add(inspect);
    this.#answering = this.#sampling.answering = true;
    if (this.#listed === 'never') await this.#tellWhatWasMissed();
    this.#listed = 'before';
    await gaps.close();
    await this.#tellState();
  }

  async #listKind(type: string, signal: AbortSignal): Promise<void> {
    const kind = OTHER_KINDS.get(type);
    if (kind === undefined) return;
    const { engine, inventory } = this.#parts;
    const drafts = await this.#ask(() => listKind(engine, this.#options.id, kind, signal), signal);
    if (drafts !== undefined) await inventory.syncKind(kind, drafts);
  }

  /** Inspects one container and takes what it shows. */
  async #look(id: string, signal: AbortSignal): Promise<void> {
    const { engine, inventory } = this.#parts;
    const tgt = this.#options.id;
    const shown = await this.#ask(async () => (await lookAt(engine, id, signal)) ?? 'gone', signal);
    if (shown === undefined) return;
    if (shown === 'gone') {
      this.#sampling.samplers?.drop(id);
      await inventory.remove(resourceId(tgt, id));
      return;
    }
    await inventory.put(containerDraft(tgt, shown.listed, lifeOf(shown.inspect)));
    if (shown.inspect !== undefined) this.#sample(shown.inspect);
  }

  #sample(inspect: ContainerInspect): void {
    if (inspect.State.Running) this.#sampling.samplers?.add(inspect);
    else this.#sampling.samplers?.drop(inspect.Id);
  }

  async #probe(signal: AbortSignal): Promise<void> {
    await this.#ask(() => this.#parts.engine.ping(signal), signal);
    if (this.#answering) await this.#tellState();
  }

  /** Undefined when the engine does not answer, which is told. */
  async #ask<T>(question: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await question();
    } catch (error) {
      signal.throwIfAborted();
      // An answer that lacks what every engine sends breaks where it is read.
      const broken = (): SeatrialError => new EngineProtocolBroken(this.#parts.engine.address, String(error), error);
      await this.#lost(error instanceof SeatrialError ? error : broken());
      return undefined;
    }
  }

  async #lost(error: SeatrialError): Promise<void> {
    const { board, gaps } = this.#parts;
    this.#answering = this.#sampling.answering = false;
    await gaps.open(board.state.lastSampleAt ?? new Date().toISOString(), error.message);
    await board.down(error);
  }

  /** Samples between the last poller’s last and our first are missing. */
  async #tellWhatWasMissed(): Promise<void> {
    const { board, gaps } = this.#parts;
    const last = board.state.lastSampleAt;
    if (!gaps.isOpen && last !== undefined && Date.now() - Date.parse(last) > 3 * this.#options.intervalS * 1000)
      await gaps.lost(last, 'nobody polled this target');
  }

  async #tellState(): Promise<void> {
    const { board, inventory } = this.#parts;
    const samplers = this.#sampling.samplers;
    await board.up(
      { version: this.#version, capabilities: samplers?.capabilities ?? [], counts: inventory.counts },
      this.#sampling.fault ?? this.#parts.twin(this.#uuid),
    );
  }
}
