import { type DockerEngine, type EngineEvent, type EventSignal, followEvents } from '@seatrial/docker';

/** A follower of container events that keeps what it is told and can be waited for. */
export class EventLog {
  readonly signals: EventSignal[] = [];
  /** Resolves when the stream has ended. */
  readonly ended: Promise<void>;
  readonly #waiting = new Set<() => void>();

  constructor(engine: DockerEngine, signal: AbortSignal, since?: string) {
    this.ended = this.#record(engine, signal, since);
  }

  async #record(engine: DockerEngine, signal: AbortSignal, since: string | undefined): Promise<void> {
    const options = { signal, backoffMs: { first: 10, max: 50 }, filters: { type: ['container'] } };
    for await (const next of followEvents(engine, since === undefined ? options : { ...options, since })) {
      this.signals.push(next);
      for (const check of this.#waiting) check();
    }
  }

  /** Resolves when `condition` holds. */
  async until(condition: (log: this) => boolean): Promise<void> {
    if (condition(this)) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const check = (): void => {
      if (condition(this)) resolve();
    };
    this.#waiting.add(check);
    await promise;
    this.#waiting.delete(check);
  }

  eventsOf(id: string): EngineEvent[] {
    return this.signals.flatMap((next) => (next.kind === 'event' && next.event.actorId === id ? [next.event] : []));
  }

  actionsOf(id: string): string[] {
    return this.eventsOf(id).map(({ action }) => action);
  }

  count(kind: EventSignal['kind']): number {
    return this.signals.filter((next) => next.kind === kind).length;
  }
}
