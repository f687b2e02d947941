/** A decoded message. */
export interface Received<D> {
  readonly data: D;
  /** `ce-id` */ readonly id: string;
  readonly subject: string;
  /** Sequence in the stream; absent for live messages. */ readonly sequence?: number;
  /** When the stream stored it; for live messages `ce-time`. */ readonly time: Date;
  /** First value of each header. */ readonly headers: ReadonlyMap<string, string>;
}

/** A message as it came. */
export interface RawReceived {
  readonly subject: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly data: Uint8Array;
  readonly sequence?: number;
  readonly time: Date;
}

/** A message that could not be decoded. */
export interface InvalidReceived extends RawReceived {
  readonly code: string;
  readonly message: string;
}
