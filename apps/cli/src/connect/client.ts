import type { CommandContract, CommandSettled, QueryContract, SomeContract } from '@seatrial/contracts';

/** One message of the bus as the command line shows it. */
export interface BusMessage {
  readonly subject: string;
  /** All headers, the last value of each. */ readonly headers: Readonly<Record<string, string>>;
  /** Parsed JSON; text as it is when it is none. */ readonly data: unknown;
  /** Place in its stream; absent for messages that no stream keeps. */ readonly sequence?: number;
  /** When it was sent or stored, epoch ms. */ readonly at: number;
}

/** A message that could not be handled. */
export interface DeadLetter extends BusMessage {
  readonly sequence: number;
}

/** Which stored events to read. */
interface EventQuery {
  /** Subject filters; an event that fits one of them is read. */ readonly filters: readonly string[];
  /** Only events stored at this instant or later, epoch ms. */ readonly since: number;
  /** Go on with what comes; else it ends with the last one stored. */ readonly follow: boolean;
}

/** What the verbs ask of the bus. Every question ends at the deadline of the command line; every failure is an error with a code. */
export interface BusClient extends AsyncDisposable {
  /** Address without credentials. */ readonly url: string;
  /** User on the bus. */ readonly user: string;
  ask<D, R>(query: QueryContract<D, R>, data: D): Promise<R>;
  /** Sends a command; `settled` is its end. */
  command<D>(
    contract: CommandContract<D>,
    data: D,
    subject: string,
  ): Promise<{ readonly id: string; readonly settled: Promise<CommandSettled> }>;
  /** Sends an event or metric; resolves with its id when the stream has it. */
  publish(contract: SomeContract, data: unknown): Promise<string>;
  /** Messages of a subject from now on, until Ctrl-C. Settles only once the server listens. */
  subscribe(subject: string): Promise<AsyncIterable<BusMessage>>;
  /** Events in the order of the stream. */
  events(query: EventQuery): Promise<AsyncIterable<BusMessage>>;
  /** Dead letters, oldest first. */
  deadLetters(): Promise<readonly DeadLetter[]>;
  /** One of them. @throws E-DLQ-NOT-FOUND */
  deadLetter(sequence: number): Promise<DeadLetter>;
}
