import type { Msg, MsgHdrs } from '@nats-io/nats-core';

import { readableHeaders } from '../codec/readable-headers.ts';

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
 * Undefined when the message did not come from a stream. `sendAck` may collect acks and send them together (`acknowledge`).
 */
export function storedMessage(message: Msg, sendAck: (message: Msg) => void = acknowledge): StoredMessage | undefined {
  const tokens = (message.reply ?? '').split('.');
  if (tokens[0] !== '$JS' || tokens[1] !== 'ACK' || tokens.length < 9) return undefined;
  return new Delivered(message, tokens, tokens.length === 9 ? 2 : 4, sendAck);
}

const text = new TextEncoder();
const ACK = text.encode('+ACK');
const NAK = text.encode('-NAK');
const WORKING = text.encode('+WPI');

/** Sends the ack of a delivery. */
export function acknowledge(message: Msg): void {
  message.respond(ACK);
}

class Delivered implements StoredMessage {
  readonly stream: string;
  readonly durable: string;
  readonly deliveryCount: number;
  readonly sequence: number;
  readonly pending: number;
  readonly #message: Msg;
  readonly #nanos: string;
  readonly #sendAck: (message: Msg) => void;
  #answered = false;

  constructor(message: Msg, tokens: readonly string[], at: number, sendAck: (message: Msg) => void) {
    this.#message = message;
    this.#sendAck = sendAck;
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
    return readableHeaders(this.#message);
  }
  get time(): Date {
    return new Date(Math.trunc(Number(this.#nanos) / 1e6));
  }

  ack(): void {
    if (this.#answered) return;
    this.#answered = true;
    this.#sendAck(this.#message);
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
