import { setTimeout as wait } from 'node:timers/promises';
import type { SeatrialError } from '@seatrial/contracts';
import type { DockerEngine } from '../engine/engine.ts';
import type { OpenStream } from '../engine/transport.ts';
import { EngineProtocolBroken, EngineUnreachable, EventBacklogFull, fromTransport } from '../errors.ts';
import { Backoff } from './backoff.ts';
import { type EngineEvent, parseEvent, sinceText } from './event.ts';
import { LineSplitter } from './lines.ts';
import { StreamPosition } from './position.ts';
import { SignalQueue } from './signal-queue.ts';

/** What `followEvents` tells its owner. */
export type EventSignal =
  /** The stream is open. The engine replays at most its last 256 events, and none after its restart: list again. `resumed` is false the first time. */
  | { readonly kind: 'connected'; readonly resumed: boolean }
  /** `position` goes into `since` of a later process, which then gets this event once more. */
  | { readonly kind: 'event'; readonly event: EngineEvent; readonly position: string }
  /** The stream is cut, or could not be opened. What was known of the containers may be outdated from now on. */
  | { readonly kind: 'disconnected'; readonly error: SeatrialError; readonly retryInMs: number };

/** What to follow and how to come back. */
export interface FollowOptions {
  /** Ends the stream; the generator returns. */
  readonly signal: AbortSignal;
  /** Position of an earlier stream, `sec.nanos`. @default from now on */
  readonly since?: string;
  /** Engine-side filters, e.g. `{ type: ['container'] }`. @default everything */
  readonly filters?: Readonly<Record<string, readonly string[]>>;
  /** First and longest time between two tries, ms. @default 250 and 10_000 */
  readonly backoffMs?: { readonly first: number; readonly max: number };
  /** Events that may wait for their owner before the stream is cut and resumed. @default 10_000 */
  readonly backlog?: number;
}

/** Longest line: an event carries all labels of its object. */
const LINE_LIMIT = 1024 * 1024;

/**
 * The engine's event stream without end: reconnects with back-off, resumes where it was cut, and drops what it has already given. Reads ahead of its owner,
 * because an engine throws away events that a client does not take within 100 ms.
 * Each event comes exactly once for as long as the engine can replay it; after every `connected` the owner lists again for the rest.
 */
export async function* followEvents(
  engine: DockerEngine,
  options: FollowOptions,
): AsyncGenerator<EventSignal, void, void> {
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const queue = new SignalQueue<EventSignal>(options.backlog ?? 10_000);
  const follower = new Follower(engine, options, signal, queue);
  const running = follower.run().finally(() => queue.end());
  try {
    for await (const next of queue) {
      if (options.signal.aborted) return; // what still waits belongs to nobody any more
      yield next;
    }
  } finally {
    ended.abort();
    await running;
  }
}

class Follower {
  readonly #engine: DockerEngine;
  readonly #signal: AbortSignal;
  readonly #queue: SignalQueue<EventSignal>;
  readonly #position: StreamPosition;
  readonly #backoff: Backoff;
  readonly #stableMs: number;
  readonly #filters: string;

  constructor(engine: DockerEngine, options: FollowOptions, signal: AbortSignal, queue: SignalQueue<EventSignal>) {
    this.#engine = engine;
    this.#signal = signal;
    this.#queue = queue;
    this.#position = new StreamPosition(options.since);
    this.#stableMs = options.backoffMs?.max ?? 10_000;
    this.#backoff = new Backoff({ firstMs: options.backoffMs?.first ?? 250, maxMs: this.#stableMs });
    this.#filters =
      options.filters === undefined ? '' : `filters=${encodeURIComponent(JSON.stringify(options.filters))}`;
  }

  async run(): Promise<void> {
    for (let resumed = false; !this.#signal.aborted;) {
      try {
        const stream = await this.#engine.openEvents(this.#query(), this.#signal);
        if (stream.engineTimeMs !== undefined) this.#position.startAt(stream.engineTimeMs);
        this.#queue.push({ kind: 'connected', resumed });
        resumed = true;
        await this.#read(stream);
        throw new EngineUnreachable(this.#engine.address, 'it ended the event stream');
      } catch (error) {
        if (this.#signal.aborted) return;
        await this.#pause(fromTransport(this.#engine.address, error));
      }
    }
  }

  /** Reads until the stream ends or breaks. Leaving the loop destroys the body; iterating it is what listens to its errors. */
  async #read(stream: OpenStream): Promise<void> {
    const lines = new LineSplitter(LINE_LIMIT);
    const openedAt = performance.now();
    try {
      for await (const chunk of stream.body as AsyncIterable<Buffer>) {
        for (const line of this.#split(lines, chunk)) this.#take(line);
      }
    } finally {
      if (performance.now() - openedAt > this.#stableMs) this.#backoff.reset();
    }
  }

  #split(lines: LineSplitter, chunk: Buffer): string[] {
    try {
      return lines.push(chunk);
    } catch (error) {
      throw new EngineProtocolBroken(this.#engine.address, 'a line of the event stream is too long', error);
    }
  }

  #take(line: string): void {
    const event = parseEvent(line);
    if (event === undefined)
      throw new EngineProtocolBroken(this.#engine.address, 'a line of the event stream is not an event');
    if (this.#queue.full) throw new EventBacklogFull(this.#engine.address, this.#queue.limit);
    if (!this.#position.admit(line, event.timeNano)) return;
    this.#backoff.reset();
    this.#queue.push({ kind: 'event', event, position: sinceText(event.timeNano) });
  }

  async #pause(error: SeatrialError): Promise<void> {
    // Another engine, or a newer one, may answer at this address after a cut.
    this.#engine.forgetVersion();
    const retryInMs = this.#backoff.next();
    this.#queue.push({ kind: 'disconnected', error, retryInMs });
    await Promise.all([
      this.#queue.halfEmpty(this.#signal),
      wait(retryInMs, undefined, { signal: this.#signal }),
    ]).catch(() => undefined);
  }

  #query(): string {
    const since = this.#position.since;
    const parts = [
      ...(since === undefined ? [] : [`since=${since}`]),
      ...(this.#filters === '' ? [] : [this.#filters]),
    ];
    return parts.length === 0 ? '' : `?${parts.join('&')}`;
  }
}
