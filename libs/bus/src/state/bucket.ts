import type { BucketContract } from '@seatrial/contracts';
import { MsgHdrsImpl } from '@nats-io/nats-core';

import { decodeBody } from '../codec/decode.ts';
import { encodeBody } from '../codec/encode.ts';
import { readableHeaders } from '../codec/readable-headers.ts';
import { valueValidatorsOf } from '../codec/validators.ts';
import type { Connection } from '../connection/connection.ts';
import { withDeadline } from '../connection/deadline.ts';
import { BusClosed, NotProvisioned, PayloadInvalid, RevisionConflict } from '../errors.ts';
import { uuidv7 } from '../ids.ts';
import { store, WrongSequence } from '../publish/store.ts';
import { ordered } from '../read/ordered.ts';
import { assertFilter, assertKey } from './key.ts';
import { lastMessage, OPERATION, operationOf, type LastMessage } from './last-message.ts';

/** A value and where it stands. */
export interface Entry<V> {
  readonly key: string;
  readonly value: V;
  /** Grows with every write of the bucket. */
  readonly revision: number;
  /** When the server stored it. */
  readonly created: Date;
}

/** What a watch tells. `synced` comes once, when every value that stood at the beginning has been given. */
export type Change<V> =
  | { readonly op: 'put'; readonly key: string; readonly value: V; readonly revision: number }
  | { readonly op: 'delete'; readonly key: string; readonly revision: number }
  | { readonly op: 'synced' };

/** Which changes are watched. */
export interface WatchOptions {
  /** Keys with wildcards `*` and `>`. @default '>' */ readonly filter?: string;
  readonly signal?: AbortSignal;
  /** Begin with the values that stand now. @default true */ readonly snapshot?: boolean;
}

/** How long one write or read may take, ms. */
export interface BucketOptions {
  /** @default 30_000 */ readonly deadlineMs?: number;
  readonly signal?: AbortSignal;
}

const EXPECTED = 'Nats-Expected-Last-Subject-Sequence';
const DEADLINE_MS = 30_000;

/**
 * Values under keys, with compare-and-set. Each write has an id, so one that is repeated over a lost connection takes effect once. A value that the
 * server drops for its age ends silently: no watch is told.
 */
export class Bucket<V> {
  readonly #connection: Connection;
  readonly #contract: BucketContract<V>;
  readonly #options: BucketOptions;
  readonly #prefix: string;
  readonly #stream: string;

  constructor(connection: Connection, contract: BucketContract<V>, options: BucketOptions = {}) {
    this.#connection = connection;
    this.#contract = contract;
    this.#options = options;
    this.#prefix = `$KV.${contract.bucket}.`;
    this.#stream = `KV_${contract.bucket}`;
  }

  /** The value of a key; undefined when there is none. @throws PayloadInvalid when it does not fit the contract, SubscribeRefused, NotProvisioned */
  async get(key: string): Promise<Entry<V> | undefined> {
    const last = await this.#last(key);
    if (last === undefined || last.operation !== 'put') return undefined;
    const { data, revision, created } = last;
    return { key, value: this.#decode(key, data), revision, created };
  }

  /** Writes a key that has no value. Returns its revision. @throws RevisionConflict when it has one */
  async create(key: string, value: V): Promise<number> {
    const body = this.#encode(value);
    try {
      return await this.#write(key, body, 0);
    } catch (error) {
      if (!(error instanceof RevisionConflict)) throw error;
      // A deleted key holds a mark: the write expects that one instead.
      const last = await this.#last(key);
      if (last === undefined) return this.#write(key, body, 0);
      if (last.operation === 'put') throw error;
      return this.#write(key, body, last.revision, 0);
    }
  }

  /** Writes a key whatever it holds. Returns the revision. */
  put(key: string, value: V): Promise<number> {
    return this.#write(key, this.#encode(value));
  }

  /** Writes a key that is at `revision`. Returns the new one. @throws RevisionConflict */
  update(key: string, value: V, revision: number): Promise<number> {
    return this.#write(key, this.#encode(value), revision);
  }

  /** Deletes a key, only at `revision` if one is given. A key without value is no error. @throws RevisionConflict */
  async delete(key: string, revision?: number): Promise<void> {
    await this.#write(key, new Uint8Array(), revision, revision, { [OPERATION]: 'DEL' });
  }

  /** All values under a filter, as of now. */
  entries(options: { readonly filter?: string } = {}): Promise<Entry<V>[]> {
    return this.#within(`bucket ${this.#contract.bucket} was not read`, async (signal) => {
      const entries = new Map<string, Entry<V>>();
      for await (const change of this.#changes({ ...options, snapshot: true, signal })) {
        if (change.op === 'synced') return [...entries.values()];
        if (change.op === 'delete') {
          entries.delete(change.key);
          continue;
        }
        const { key, value, revision, created } = change;
        entries.set(key, { key, value, revision, created });
      }
      signal.throwIfAborted();
      throw new BusClosed();
    });
  }

  /** Changes under a filter, from the values that stand now on. Ends with the signal and with the bus. Values that do not fit the contract are counted and left out. */
  async *watch(options: WatchOptions = {}): AsyncGenerator<Change<V>, void, undefined> {
    for await (const change of this.#changes(options)) {
      if (change.op === 'put') yield { op: 'put', key: change.key, value: change.value, revision: change.revision };
      else yield change;
    }
  }

  async *#changes({
    filter = '>',
    signal,
    snapshot = true,
  }: WatchOptions): AsyncGenerator<
    ({ readonly op: 'put' } & Entry<V>) | Exclude<Change<V>, { op: 'put' }>,
    void,
    undefined
  > {
    assertFilter(filter);
    const from = snapshot ? 'last-per-subject' : 'new';
    for await (const item of ordered(this.#connection, {
      stream: this.#stream,
      filter: this.#prefix + filter,
      from,
      signal,
    })) {
      if (item.kind === 'caught-up') {
        if (snapshot) yield { op: 'synced' };
        continue;
      }
      const key = item.message.subject.slice(this.#prefix.length);
      const { sequence: revision, time: created } = item;
      if (operationOf(readableHeaders(item.message)) === 'delete') {
        yield { op: 'delete', key, revision };
        continue;
      }
      const body = decodeBody(this.#where(key), item.message.data, valueValidatorsOf(this.#contract as never));
      if (body.ok) yield { op: 'put', key, value: body.data as V, revision, created };
      else {
        this.#connection.metrics.droppedInvalid.add(this.#contract.bucket);
        this.#connection.log.warn(
          { key, code: body.code, why: body.message },
          'a value of a bucket does not fit its contract',
        );
      }
    }
  }

  #last(key: string): Promise<LastMessage | undefined> {
    assertKey(key);
    const { bucket } = this.#contract;
    return this.#within(`bucket ${bucket} did not answer`, (end) => lastMessage(this.#connection, bucket, key, end));
  }

  #within<T>(what: string, work: (end: AbortSignal) => Promise<T>): Promise<T> {
    const { deadlineMs = DEADLINE_MS, signal } = this.#options;
    return withDeadline(what, deadlineMs, signal, work);
  }

  /** `expected` is the revision that the server checks, `shown` the one that a conflict names. */
  async #write(
    key: string,
    payload: Uint8Array,
    expected?: number,
    shown = expected,
    extra: Record<string, string> = {},
  ): Promise<number> {
    assertKey(key);
    const subject = this.#prefix + key;
    const id = uuidv7();
    const headers = MsgHdrsImpl.fromRecord({
      ...extra,
      'Nats-Msg-Id': id,
      ...(expected === undefined ? {} : { [EXPECTED]: String(expected) }),
    } as never);
    const { signal, deadlineMs = DEADLINE_MS } = this.#options;
    try {
      const { sequence } = await store(this.#connection, {
        subject,
        payload,
        headers,
        what: this.#contract.bucket,
        deadlineMs,
        signal,
      });
      return sequence;
    } catch (error) {
      if (error instanceof WrongSequence) {
        // The server looks at the sequence before the id: what stands there may be the first try of this very write.
        const last = error.repeated ? await this.#last(key) : undefined;
        if (last?.id === id) return last.revision;
        throw new RevisionConflict(this.#contract.bucket, key, shown ?? 0);
      }
      if (error instanceof NotProvisioned) throw new NotProvisioned(`bucket ${this.#contract.bucket}`, error);
      throw error;
    }
  }

  #encode(value: V): Uint8Array {
    return encodeBody(`bucket ${this.#contract.name}`, value, valueValidatorsOf(this.#contract as never).strict);
  }

  #decode(key: string, data: Uint8Array): V {
    const body = decodeBody(this.#where(key), data, valueValidatorsOf(this.#contract as never));
    if (!body.ok) throw new PayloadInvalid(this.#where(key), '', body.message);
    return body.data as V;
  }

  #where(key: string): string {
    return `bucket ${this.#contract.name}, key ${key}`;
  }
}
