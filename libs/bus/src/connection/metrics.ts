/** One number for each value of one label. */
export class Series {
  readonly name: string;
  readonly help: string;
  readonly kind: 'counter' | 'gauge';
  /** Name of the label. */
  readonly label: string;
  readonly #values = new Map<string, number>();

  constructor(kind: 'counter' | 'gauge', name: string, label: string, help: string) {
    this.kind = kind;
    this.name = name;
    this.label = label;
    this.help = help;
  }

  /** Label value to number. */
  get values(): ReadonlyMap<string, number> {
    return this.#values;
  }

  add(label: string, n = 1): void {
    this.#values.set(label, (this.#values.get(label) ?? 0) + n);
  }

  set(label: string, value: number): void {
    this.#values.set(label, value);
  }

  /** Sum over all labels. */
  get total(): number {
    let sum = 0;
    for (const value of this.#values.values()) sum += value;
    return sum;
  }
}

/** Counts of one label of a histogram; `buckets[i]` counts values <= `bounds[i]` (cumulative, as Prometheus wants them). */
export interface HistogramValues {
  readonly buckets: readonly number[];
  readonly count: number;
  readonly sum: number;
}

/** Durations in seconds for each value of one label. */
export class Histogram {
  readonly kind = 'histogram';
  readonly name: string;
  readonly help: string;
  readonly label: string;
  readonly bounds: readonly number[];
  readonly #values = new Map<string, { buckets: number[]; count: number; sum: number }>();

  constructor(name: string, label: string, help: string, bounds: readonly number[]) {
    this.name = name;
    this.label = label;
    this.help = help;
    this.bounds = bounds;
  }

  get values(): ReadonlyMap<string, HistogramValues> {
    return this.#values;
  }

  observe(label: string, value: number): void {
    let entry = this.#values.get(label);
    if (entry === undefined) {
      entry = { buckets: this.bounds.map(() => 0), count: 0, sum: 0 };
      this.#values.set(label, entry);
    }
    entry.count += 1;
    entry.sum += value;
    for (let i = this.bounds.length - 1; i >= 0 && value <= (this.bounds[i] ?? 0); i--)
      entry.buckets[i] = (entry.buckets[i] ?? 0) + 1;
  }
}

/** From a millisecond to the longest handler, s. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900] as const;

/** What the bus counts; `libs/service` prints `all` at `/metrics`. */
export class BusMetrics {
  readonly published = new Series('counter', 'seatrial_bus_published_total', 'type', 'Messages stored or sent');
  readonly publishRetries = new Series(
    'counter',
    'seatrial_bus_publish_retries_total',
    'type',
    'Further tries of publishes',
  );
  readonly publishFailures = new Series('counter', 'seatrial_bus_publish_failures_total', 'type', 'Publishes given up');
  readonly droppedInvalid = new Series(
    'counter',
    'seatrial_bus_dropped_invalid_total',
    'type',
    'Invalid messages dropped',
  );
  readonly droppedSlow = new Series(
    'counter',
    'seatrial_bus_dropped_slow_total',
    'type',
    'Live messages dropped because the reader was slow',
  );
  readonly redelivered = new Series(
    'counter',
    'seatrial_bus_redelivered_total',
    'durable',
    'Deliveries after the first',
  );
  readonly deadLettered = new Series('counter', 'seatrial_bus_dead_letters_total', 'durable', 'Messages given up');
  readonly pending = new Series('gauge', 'seatrial_bus_pending', 'durable', 'Messages not delivered yet');
  readonly ackPending = new Series('gauge', 'seatrial_bus_ack_pending', 'durable', 'Messages held and not settled');
  readonly reconnects = new Series(
    'counter',
    'seatrial_bus_reconnects_total',
    'user',
    'Connections made after the first',
  );
  readonly processSeconds = new Histogram('seatrial_bus_process_seconds', 'handler', 'Time of handlers', SECONDS);
  readonly requestSeconds = new Histogram(
    'seatrial_bus_request_seconds',
    'type',
    'Time of queries, as the requester sees it',
    SECONDS,
  );

  /** Every metric, in the order above. */
  get all(): readonly (Series | Histogram)[] {
    return Object.values(this) as (Series | Histogram)[];
  }
}
