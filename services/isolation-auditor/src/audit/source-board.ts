import type { Bus } from '@seatrial/bus';
import { SourceState, type DataOf, type SeatrialError } from '@seatrial/contracts';

type State = DataOf<typeof SourceState>['state'];

/** Source of the evidence of the kernel; the engine's own source is its target id. */
const PROC = 'proc';

/** States of the two sources of one engine: its API, and the kernel of its host. Each change is published once. */
export class SourceBoard {
  readonly #bus: Bus;
  readonly #engine: { readonly id: string; readonly address: string };
  readonly #states = new Map<string, { readonly state: State; readonly fault: SeatrialError | undefined }>();

  constructor(bus: Bus, engine: { readonly id: string; readonly address: string }) {
    this.#bus = bus;
    this.#engine = engine;
  }

  /** Why the engine cannot be audited, or else what its kernel does not show. */
  get fault(): SeatrialError | undefined {
    return this.#states.get(this.#engine.id)?.fault ?? this.#states.get(PROC)?.fault;
  }

  async down(fault: SeatrialError): Promise<void> {
    await this.#tell(this.#engine.id, this.#engine.address, fault.code === 'E-SRC-PERM' ? 'denied' : 'down', fault);
  }

  /** The engine answers again and its state is compared with what is stored. Says nothing where it was never away. */
  async catchingUp(): Promise<void> {
    const known = this.#states.get(this.#engine.id);
    if (known === undefined || known.state === 'up') return;
    await this.#tell(this.#engine.id, this.#engine.address, 'catching-up', known.fault);
  }

  async up(): Promise<void> {
    await this.#tell(this.#engine.id, this.#engine.address, 'up', undefined);
  }

  /** What the last look at all processes did not see. @param host name of the host, once known */
  async sees(host: string | undefined, blindSpot: SeatrialError | undefined): Promise<void> {
    if (blindSpot === undefined && !this.#states.has(PROC)) return;
    await this.#tell(PROC, host ?? this.#engine.address, blindSpot === undefined ? 'up' : 'denied', blindSpot);
  }

  async #tell(source: string, host: string, state: State, fault: SeatrialError | undefined): Promise<void> {
    const known = this.#states.get(source);
    this.#states.set(source, { state, fault });
    if (known?.state === state && known.fault?.code === fault?.code) return;
    await this.#bus.publish(SourceState, {
      source,
      host: host.slice(0, 256),
      state,
      since: new Date().toISOString(),
      ...(fault !== undefined && { code: fault.code, message: fault.message.slice(0, 1000) }),
    });
  }
}
