import type { Msg, MsgHdrs } from '@nats-io/nats-core';

/** One delivery of a message from a stream, and the four ways to answer it. Each final answer is sent once; later ones are ignored. */
export interface StoredMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
  readonly stream: string;
  readonly durable: string;
  /** 1 for the first delivery. */
  readonly deliveryCount: number;
  /** Sequence in the stream. */
  readonly sequence: number;
  readonly time: Date;
  /** Messages of the durable that were not delivered yet when this one was sent. */
  readonly pending: number;
  ack(): void;
  /** Ask for another delivery after `delayMs`. */
  nak(delayMs?: number): void;
  /** No further delivery; `reason` shows in the server's advisory. */
  term(reason: string): void;
  /** Still at it: the ack wait starts anew. */
  working(): void;
}

/**
 * Reads what the server wrote into the reply subject (ADR-15):
 * `$JS.ACK.[<domain>.<account>.]<stream>.<durable>.<deliveries>.<stream seq>.<consumer seq>.<time ns>.<pending>[.<random>]`.
 * Undefined when the message did not come from a stream.
 */
export function storedMessage(message: Msg): StoredMessage | undefined {
  const tokens = (message.reply ?? '').split('.');
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || tokens.length < 9) return undefined;
  return new Delivered(message, tokens, tokens.length === 9 ? 2 : 4);
}

const text = new TextEncoder();
const ACK = text.encode('+ACK');
const NAK = text.encode('-NAK');
const WORKING = text.encode('+WPI');

class Delivered implements StoredMessage {
  readonly stream: string;
  readonly durable: string;
  readonly deliveryCount: number;
  readonly sequence: number;
  readonly pending: number;
  readonly #message: Msg;
  readonly #nanos: string;
  #answered = false;

  constructor(message: Msg, tokens: readonly string[], at: number) {
    this.#message = message;
    this.stream = tokens[at] ?? '';
    this.durable = tokens[at + 1] ?? '';
    this.deliveryCount = Number(tokens[at + 2]);
    this.sequence = Number(tokens[at + 3]);
    this.#nanos = tokens[at + 5] ?? '0';
    this.pending = Number(tokens[at + 6]);
  }

  get subject(): string {
    return this.#message.subject;
  }
  get data(): Uint8Array {
    return this.#message.data;
  }
  get headers(): MsgHdrs | undefined {
    return this.#message.headers;
  }
  get time(): Date {
    return new Date(Math.trunc(Number(this.#nanos) / 1e6));
  }

  ack(): void {
    this.#answer(ACK);
  }
  nak(delayMs = 0): void {
    this.#answer(delayMs > 0 ? text.encode(`-NAK {"delay":${Math.round(delayMs * 1e6)}}`) : NAK);
  }
  term(reason: string): void {
    this.#answer(text.encode(`+TERM ${oneLine(reason)}`));
  }
  working(): void {
    if (!this.#answered) this.#message.respond(WORKING);
  }

  #answer(body: Uint8Array): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#message.respond(body);
  }
}

/** The reason ends in an advisory of the server: one line, short. */
function oneLine(reason: string): string {
  return reason.replaceAll(/[^\x20-\x7e]+/g, ' ').slice(0, 200);
}
