/** How a part of a service is. `degraded`: it works on, but something that is promised waits; `failed`: the service can do no work. */
export type PartHealth =
  | { readonly status: 'ok' }
  | { readonly status: 'degraded' | 'failed'; readonly code: string; readonly message?: string };

/** What `/health/ready` answers. */
export interface HealthReport {
  readonly status: 'ok' | 'degraded' | 'unavailable';
  readonly parts: Readonly<Record<string, PartHealth>>;
}

/**
 * Parts of a service report here. Ready means: connected to the bus, all consumers bound, not stopping, no part failed. A *degraded* part leaves the
 * service ready: it still answers, and taking it out would only hide the cause (a full archive disk stops the acks; the stream keeps the data).
 */
export class Health {
  readonly #parts = new Map<string, () => PartHealth>();
  #stopping = false;

  /** Adds a part; `report` is asked at every look and must neither wait nor throw. Returns how to take it away. */
  register(name: string, report: () => PartHealth): () => void {
    this.#parts.set(name, report);
    return () => void this.#parts.delete(name);
  }

  /** From here on the service is not ready, whatever its parts say. */
  stopping(): void {
    this.#stopping = true;
  }

  get report(): HealthReport {
    const parts: Record<string, PartHealth> = {};
    for (const [name, report] of this.#parts) parts[name] = asked(report);
    const states = Object.values(parts).map((part) => part.status);
    if (this.#stopping || states.length === 0 || states.includes('failed')) return { status: 'unavailable', parts };
    return { status: states.includes('degraded') ? 'degraded' : 'ok', parts };
  }
}

function asked(report: () => PartHealth): PartHealth {
  try {
    return report();
  } catch (error) {
    // A part that cannot say how it is, is not known to be well.
    return { status: 'failed', code: 'E-INTERNAL', message: error instanceof Error ? error.message : String(error) };
  }
}
