import { Kvm } from '@nats-io/kv';
import { Watermarks } from '@seatrial/contracts';

import type { Clients } from './clients.ts';
import { plain, type Operation } from './operation.ts';

/** Keys that are written at once, each by compare-and-set from one revision to the next. */
const KEYS = 16;
const value = { eventSince: '1767225600.000000001', updatedAt: '2026-01-01T00:00:00.000Z' };

/** Compare-and-set in a bucket. */
export async function keyed({ bare, ours }: Clients): Promise<Operation> {
  const bucket = ours.collector.bucket(Watermarks);
  const kv = await new Kvm(bare.collector.js).open(Watermarks.bucket, { allow_direct: false });
  return plain('kv-compare-and-set', 4_000, {
    bare: (n) =>
      chains('bare', n, (key, revision) =>
        revision === undefined ? kv.put(key, JSON.stringify(value)) : kv.update(key, JSON.stringify(value), revision),
      ),
    ours: (n) =>
      chains('ours', n, (key, revision) =>
        revision === undefined ? bucket.put(key, value) : bucket.update(key, value, revision),
      ),
  });
}

async function chains(
  prefix: string,
  n: number,
  write: (key: string, revision: number | undefined) => Promise<number>,
): Promise<void> {
  const chain = async (_: unknown, k: number): Promise<void> => {
    let revision: number | undefined;
    for (let i = 0; i < n / KEYS; i++) revision = await write(`${prefix}.${k}`, revision);
  };
  await Promise.all(Array.from({ length: KEYS }, chain));
}
