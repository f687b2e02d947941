import { createHash } from 'node:crypto';
import type { ObjectStoreContract } from '@seatrial/contracts';
import { MsgHdrsImpl, nuid } from '@nats-io/nats-core';

import type { Connection } from '../connection/connection.ts';
import { withDeadline } from '../connection/deadline.ts';
import { BusConfigError, NotProvisioned, ObjectDamaged, PayloadTooLarge } from '../errors.ts';
import { uuidv7 } from '../ids.ts';
import { store } from '../publish/store.ts';
import { NO_MESSAGE, streamApi, StreamApiError } from '../read/api.ts';
import { ordered } from '../read/ordered.ts';

/** Largest object, bytes: it is held in memory at both ends. */
export const MAX_OBJECT_BYTES = 64 * 1024 * 1024;
const CHUNK_BYTES = 128 * 1024;
const DEADLINE_MS = 60_000;

/** What is kept beside the chunks; the layout of NATS object stores (ADR-20), so that `nats object` can read them. */
interface ObjectMeta {
  readonly name: string;
  readonly bucket: string;
  readonly nuid: string;
  readonly size: number;
  readonly chunks: number;
  readonly mtime: string;
  readonly digest: string;
  readonly deleted?: boolean;
  readonly options: { readonly max_chunk_size: number };
}

/**
 * Bodies that are too large for a message. The message carries the key. Written on the protocol: the client's own store removes old chunks by a purge,
 * for which nobody has the right; here an empty message takes their place.
 */
export class ObjectStore {
  readonly #connection: Connection;
  readonly #name: string;

  constructor(connection: Connection, contract: ObjectStoreContract) {
    this.#connection = connection;
    this.#name = contract.store;
  }

  /** Stores an object, whatever was under its key. A reader sees the old one or the new one. @throws PayloadTooLarge, BusConfigError, and what `store` throws */
  async put(key: string, bytes: Uint8Array): Promise<void> {
    if (bytes.length > MAX_OBJECT_BYTES)
      throw new PayloadTooLarge(`object ${this.#name}/${key}`, bytes.length, MAX_OBJECT_BYTES);
    const before = await this.#meta(key);
    const id = nuid.next();
    let chunks = 0;
    // One by one: order in the stream is the order of the bytes.
    for (let at = 0; at < bytes.length; at += CHUNK_BYTES, chunks++)
      await this.#store(this.#chunks(id), bytes.subarray(at, at + CHUNK_BYTES));
    const digest = createHash('sha256').update(bytes).digest('base64url').padEnd(44, '=');
    await this.#storeMeta({
      name: key,
      bucket: this.#name,
      nuid: id,
      size: bytes.length,
      chunks,
      mtime: new Date().toISOString(),
      digest: `SHA-256=${digest}`,
      options: { max_chunk_size: CHUNK_BYTES },
    });
    if (before !== undefined && before.chunks > 0) await this.#forget(before.nuid);
  }

  /** The object under a key; undefined when there is none. @throws ObjectDamaged when its bytes do not have the digest that was stored with them */
  async get(key: string): Promise<Uint8Array | undefined> {
    const meta = await this.#meta(key);
    if (meta === undefined || meta.deleted === true) return undefined;
    if (meta.size > MAX_OBJECT_BYTES)
      throw new PayloadTooLarge(`object ${this.#name}/${key}`, meta.size, MAX_OBJECT_BYTES);
    const parts: Uint8Array[] = [];
    let size = 0;
    if (meta.chunks > 0)
      for await (const item of ordered(this.#connection, {
        stream: `OBJ_${this.#name}`,
        filter: this.#chunks(meta.nuid),
        from: 'all',
      })) {
        if (item.kind === 'caught-up') break;
        parts.push(item.message.data);
        size += item.message.data.length;
        if (parts.length === meta.chunks || size > meta.size) break;
      }
    this.#connection.closing.throwIfAborted();
    const bytes = Buffer.concat(parts);
    const digest = createHash('sha256').update(bytes).digest('base64url');
    if (bytes.length !== meta.size)
      throw new ObjectDamaged(this.#name, key, `${bytes.length} of ${meta.size} bytes are there`);
    if (meta.digest.replace(/^SHA-256=/, '').replace(/=+$/, '') !== digest)
      throw new ObjectDamaged(this.#name, key, 'its digest does not fit');
    return bytes;
  }

  /** Removes an object. One that is not there is no error. */
  async delete(key: string): Promise<void> {
    const meta = await this.#meta(key);
    if (meta === undefined || meta.deleted === true) return;
    await this.#storeMeta({ ...meta, size: 0, chunks: 0, digest: '', deleted: true, mtime: new Date().toISOString() });
    if (meta.chunks > 0) await this.#forget(meta.nuid);
  }

  async #meta(key: string): Promise<ObjectMeta | undefined> {
    if (key === '' || key.length > 256)
      throw new BusConfigError('key', `it has ${key.length} characters; 1 to 256 are allowed`);
    const subject = this.#metaSubject(key);
    try {
      const { message } = await withDeadline(
        `object store ${this.#name} did not answer`,
        DEADLINE_MS,
        undefined,
        (signal) =>
          streamApi<{ message: { data?: string } }>(
            this.#connection,
            `STREAM.MSG.GET.OBJ_${this.#name}`,
            { last_by_subj: subject },
            { what: `object store ${this.#name}`, subject, signal },
          ),
      );
      return JSON.parse(Buffer.from(message.data ?? '', 'base64').toString()) as ObjectMeta;
    } catch (error) {
      if (error instanceof StreamApiError && error.errCode === NO_MESSAGE) return undefined;
      throw error;
    }
  }

  #storeMeta(meta: ObjectMeta): Promise<void> {
    return this.#store(this.#metaSubject(meta.name), Buffer.from(JSON.stringify(meta)), { 'Nats-Rollup': 'sub' });
  }

  /** One empty message replaces the chunks; the stream's age removes it. */
  #forget(id: string): Promise<void> {
    return this.#store(this.#chunks(id), new Uint8Array(), { 'Nats-Rollup': 'sub' });
  }

  async #store(subject: string, payload: Uint8Array, extra: Record<string, string> = {}): Promise<void> {
    const headers = MsgHdrsImpl.fromRecord({ ...extra, 'Nats-Msg-Id': uuidv7() } as never);
    try {
      await store(this.#connection, { subject, payload, headers, what: this.#name, deadlineMs: DEADLINE_MS });
    } catch (error) {
      throw error instanceof NotProvisioned ? new NotProvisioned(`object store ${this.#name}`, error) : error;
    }
  }

  #chunks(id: string): string {
    return `$O.${this.#name}.C.${id}`;
  }

  #metaSubject(key: string): string {
    const encoded = Buffer.from(key).toString('base64url');
    return `$O.${this.#name}.M.${encoded.padEnd(Math.ceil(encoded.length / 4) * 4, '=')}`;
  }
}
