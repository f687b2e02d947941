import { createHash, getRandomValues } from 'node:crypto';

/** Random bytes are drawn in blocks: one call of the kernel serves 409 ids. */
const POOL = new Uint8Array(4090);
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));
let used = POOL.length;
let lastMs = 0;
let counter = 0;

/**
 * UUID version 7 (RFC 9562, method 1): 48 bits of milliseconds, a counter of 12 bits within the millisecond, 62 random bits. Ids of one process ascend.
 */
export function uuidv7(): string {
  const now = Date.now();
  if (now > lastMs) {
    lastMs = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    // More than 4,096 in one millisecond, or the clock was set back: run ahead of it rather than repeat.
    lastMs += 1;
    counter = 0;
  }
  if (used + 8 > POOL.length) {
    getRandomValues(POOL);
    used = 0;
  }
  const high = Math.floor(lastMs / 0x10000);
  const low = lastMs & 0xffff;
  const random = (i: number): number => POOL[used + i] ?? 0;
  const text =
    `${hex(high >>> 24)}${hex(high >>> 16)}${hex(high >>> 8)}${hex(high)}-${hex(low >>> 8)}${hex(low)}` +
    `-${hex(0x70 | (counter >>> 8))}${hex(counter)}-${hex(0x80 | (random(0) & 0x3f))}${hex(random(1))}` +
    `-${hex(random(2))}${hex(random(3))}${hex(random(4))}${hex(random(5))}${hex(random(6))}${hex(random(7))}`;
  used += 8;
  return text;
}

function hex(byte: number): string {
  return HEX[byte & 0xff] ?? '';
}

/** Longest id: below the 256 of the contracts, because ids of dead letters append to it, and headers stay under 1 kB. */
export const MAX_ID = 200;

/**
 * Id of the n-th message of a name that is published while another is handled: `<cause id>/<name>/<n>`. Redelivery of the cause makes the same ids, so
 * nothing is stored twice. A chain of causes that grows too long is folded into a hash, which keeps that property.
 */
export function derivedId(cause: string, name: string, n: number): string {
  const id = `${cause}/${name}/${n}`;
  return id.length <= MAX_ID ? id : `${createHash('sha256').update(cause).digest('hex')}/${name}/${n}`;
}

/** What is counted for: any object that stands for one delivery. */
const counts = new WeakMap<object, Map<string, number>>();

/** Id of the next message of a name within one delivery. Starts at 1 for each delivery, so that a redelivery repeats the ids. */
export function nextDerivedId(delivery: { readonly id: string }, name: string): string {
  let names = counts.get(delivery);
  if (names === undefined) counts.set(delivery, (names = new Map()));
  const n = (names.get(name) ?? 0) + 1;
  names.set(name, n);
  return derivedId(delivery.id, name, n);
}
