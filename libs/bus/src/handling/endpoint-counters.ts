import type { SomeQuery } from '@seatrial/contracts';

/** Numbers of one query, in the words of the NATS service API. Times in nanoseconds. */
export interface EndpointStats {
  readonly name: string;
  readonly subject: string;
  readonly queue_group: string;
  readonly num_requests: number;
  readonly num_errors: number;
  readonly last_error: string;
  readonly processing_time: number;
  readonly average_processing_time: number;
}

/** Counts the requests of one query. */
export class EndpointCounters {
  readonly contract: SomeQuery;
  readonly #queue: string;
  #requests = 0;
  #errors = 0;
  #lastError = '';
  #nanos = 0;

  constructor(contract: SomeQuery, queue: string) {
    this.contract = contract;
    this.#queue = queue;
  }

  count(seconds: number, error?: string): void {
    this.#requests += 1;
    this.#nanos += Math.round(seconds * 1e9);
    if (error === undefined) return;
    this.#errors += 1;
    this.#lastError = error;
  }

  get stats(): EndpointStats {
    return {
      name: this.contract.name,
      subject: this.contract.subject,
      queue_group: this.#queue,
      num_requests: this.#requests,
      num_errors: this.#errors,
      last_error: this.#lastError,
      processing_time: this.#nanos,
      average_processing_time: this.#requests === 0 ? 0 : Math.round(this.#nanos / this.#requests),
    };
  }
}
