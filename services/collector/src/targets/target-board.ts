import type { Bucket, Bus } from '@seatrial/bus';
import { SeatrialError, TargetChanged, TargetStates, type SourceKind, type TargetState } from '@seatrial/contracts';

/** What a target says about itself when it answers. */
export interface TargetFacts {
  readonly version?: string | undefined;
  readonly capabilities: readonly string[];
  /** Objects by kind. */
  readonly counts: Record<string, number>;
}

/** State of one target, written to the bus when it changes. Begins with what the poller before has left. */
export class TargetBoard {
  readonly #bus: Pick<Bus, 'publish'>;
  readonly #bucket: Pick<Bucket<TargetState>, 'put'>;
  #state: TargetState;
  #written: string;

  private constructor(bus: Pick<Bus, 'publish'>, bucket: Pick<Bucket<TargetState>, 'put'>, state: TargetState) {
    this.#bus = bus;
    this.#bucket = bucket;
    this.#state = state;
    this.#written = '';
  }

  static async open(
    bus: Pick<Bus, 'publish' | 'bucket'>,
    target: { readonly id: string; readonly src: SourceKind; readonly address: string },
  ): Promise<TargetBoard> {
    const bucket = bus.bucket(TargetStates);
    const before = (await bucket.get(target.id))?.value;
    const blank = { health: 'not-configured', capabilities: [], counts: {}, since: new Date().toISOString() } as const;
    // A target that was another kind of source before is another target.
    return new TargetBoard(bus, bucket, {
      ...blank,
      capabilities: [],
      ...(before?.src === target.src && before),
      ...target,
    });
  }

  get state(): TargetState {
    return this.#state;
  }

  /** The target answers. @param fault what of it could not be read */
  async up(facts: TargetFacts, fault?: SeatrialError): Promise<void> {
    const { id, src, address, lastSampleAt } = this.#state;
    const health = fault === undefined ? 'ok' : 'degraded';
    await this.#set({
      id,
      src,
      address,
      health,
      ...(fault !== undefined && wordsOf(fault)),
      ...(facts.version !== undefined && { version: facts.version.slice(0, 128) }),
      capabilities: [...facts.capabilities],
      counts: facts.counts,
      since: this.#sinceIf(health),
      ...(lastSampleAt !== undefined && { lastSampleAt }),
    });
  }

  /** The target does not answer. */
  async down(error: SeatrialError): Promise<void> {
    const { hint: _, ...before } = this.#state;
    await this.#set({ ...before, health: 'down', ...wordsOf(error), since: this.#sinceIf('down') });
  }

  /** Everything that was due has been read. */
  async sampled(atMs: number): Promise<void> {
    await this.#set({ ...this.#state, lastSampleAt: new Date(atMs).toISOString() });
  }

  #sinceIf(health: TargetState['health']): string {
    return this.#state.health === health ? this.#state.since : new Date().toISOString();
  }

  async #set(next: TargetState): Promise<void> {
    const previous = this.#state;
    this.#state = next;
    const text = JSON.stringify(next);
    if (text === this.#written) return;
    await this.#bucket.put(next.id, next);
    this.#written = text;
    if (previous.health === next.health && previous.code === next.code) return;
    await this.#bus.publish(TargetChanged, { target: next, previous: previous.health }, { subject: next.id });
  }
}

function wordsOf(error: SeatrialError): Pick<TargetState, 'code' | 'message' | 'hint'> {
  return {
    code: error.code,
    message: error.message.slice(0, 1000),
    ...(error.hint !== undefined && { hint: error.hint.slice(0, 1000) }),
  };
}
