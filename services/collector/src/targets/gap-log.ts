import type { Bus } from '@seatrial/bus';
import { GapRecorded, type SourceKind } from '@seatrial/contracts';

/** Says on the bus when a target is not watched, so that nobody takes missing samples for zero. No source of this version has a buffer, so every gap ends as lost. */
export class GapLog {
  readonly #bus: Pick<Bus, 'publish'>;
  readonly #scope: { readonly src: SourceKind; readonly tgt: string };
  #open: { readonly from: string; readonly reason: string } | undefined;

  constructor(bus: Pick<Bus, 'publish'>, target: { readonly id: string; readonly src: SourceKind }) {
    this.#bus = bus;
    this.#scope = { src: target.src, tgt: target.id };
  }

  get isOpen(): boolean {
    return this.#open !== undefined;
  }

  /** A gap begins; one that is open already goes on. @param from RFC 3339 time of the last sample */
  async open(from: string, reason: string): Promise<void> {
    if (this.#open !== undefined) return;
    this.#open = { from, reason: reason.slice(0, 200) };
    await this.#bus.publish(GapRecorded, { ...this.#scope, ...this.#open, state: 'open' });
  }

  /** The open gap ends now. Without one nothing happens. */
  async close(): Promise<void> {
    const open = this.#open;
    if (open === undefined) return;
    await this.lost(open.from, open.reason);
    this.#open = undefined;
  }

  /** Nothing was read from `from` until now. */
  async lost(from: string, reason: string): Promise<void> {
    await this.#bus.publish(GapRecorded, {
      ...this.#scope,
      from,
      to: new Date().toISOString(),
      state: 'lost',
      reason: reason.slice(0, 200),
    });
  }
}
