import { z } from 'zod';

import type { Fields, Shape } from './contract.ts';
import { strictly } from './strictness.ts';
import { ROOT, type ServiceName } from './vocabulary.ts';

/** A key-value bucket on the bus. Only the owner writes; `consumers` may watch it. */
export interface BucketContract<V = unknown> {
  /** Name on the server: `seatrial_<name>`. */
  readonly bucket: string;
  readonly name: string;
  readonly owner: ServiceName;
  readonly consumers: readonly ServiceName[];
  /** Values kept per key. */
  readonly history: number;
  /** Age at which the server drops a value, ms; 0 keeps it. */
  readonly maxAgeMs: number;
  readonly schema: z.ZodType<V>;
  readonly tolerant: z.ZodType<V>;
  /** Form of the keys, for the reference. */
  readonly keyDoc: string;
  readonly doc: string;
}

/** Value type of a bucket. */
export type ValueOf<B> = B extends { readonly schema: z.ZodType<infer V> } ? V : never;

/** Declares a bucket. Names use `[a-z0-9_-]`. */
export function defineBucket<const F extends Fields>(d: {
  readonly name: string;
  readonly owner: ServiceName;
  readonly consumers?: readonly ServiceName[];
  readonly history?: number;
  readonly maxAgeMs?: number;
  readonly keyDoc: string;
  readonly value: F;
  readonly doc: string;
}): BucketContract<Shape<F>> {
  const tolerant = z.object(d.value).meta({ title: `bucket ${d.name}` });
  return {
    bucket: `${ROOT}_${d.name}`,
    name: d.name,
    owner: d.owner,
    consumers: d.consumers ?? [],
    history: d.history ?? 5,
    maxAgeMs: d.maxAgeMs ?? 0,
    schema: strictly(tolerant) as unknown as z.ZodType<Shape<F>>,
    tolerant: tolerant as unknown as z.ZodType<Shape<F>>,
    keyDoc: d.keyDoc,
    doc: d.doc,
  };
}

/** An object store for bodies over 256 KiB. The owner writes; `consumers` may read. */
export interface ObjectStoreContract {
  /** Name on the server: `seatrial_<name>`. */
  readonly store: string;
  readonly name: string;
  readonly owner: ServiceName;
  readonly consumers: readonly ServiceName[];
  readonly maxAgeMs: number;
  readonly doc: string;
}

export function defineObjectStore(d: {
  readonly name: string;
  readonly owner: ServiceName;
  readonly consumers?: readonly ServiceName[];
  readonly maxAgeMs: number;
  readonly doc: string;
}): ObjectStoreContract {
  return {
    store: `${ROOT}_${d.name}`,
    name: d.name,
    owner: d.owner,
    consumers: d.consumers ?? [],
    maxAgeMs: d.maxAgeMs,
    doc: d.doc,
  };
}

/** A bucket whose values are leases (`libs/bus`): history 1, max age = time to live. */
export function defineLeaseBucket(d: {
  readonly name: string;
  readonly owner: ServiceName;
  readonly ttlMs: number;
  readonly doc: string;
}): BucketContract<LeaseRecord> {
  return defineBucket({
    name: d.name,
    owner: d.owner,
    history: 1,
    maxAgeMs: d.ttlMs,
    keyDoc: '<what is leased>',
    value: leaseFields,
    doc: d.doc,
  });
}

const leaseFields = {
  /** Instance that holds it. */
  holder: z.string().max(128),
  /** Fencing token: revision of the acquiring write; 0 in that first write itself. */
  fence: z.int().min(0),
  acquiredAt: z.iso.datetime(),
};

/** Value of a lease key. */
export interface LeaseRecord {
  holder: string;
  fence: number;
  acquiredAt: string;
}
