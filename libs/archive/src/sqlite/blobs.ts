import type { Fives, Minutes } from '../samples/roll-up.ts';
import { FIVES, MINUTES } from '../samples/roll-up.ts';
import type { Mid } from '../samples/rows.ts';

/*
 * Binary columns, little endian. 12 bytes a native value, against 28 as JSON text:
 *   native   n, then n series ids (u32), then n values (f64), ids ascending
 *   minutes  60 means (f64), 60 counts (u16)
 *   fives    12 min, 12 max, 12 sum (f64), 12 counts (u32)
 */

const MAX_U16 = 0xffff;

export function encodeValues(values: ReadonlyMap<Mid, number>): Buffer {
  const entries = [...values]
    .map(([mid, value]): [number, number] => [Number(mid), value])
    .toSorted((a, b) => a[0] - b[0]);
  const n = entries.length;
  const buffer = Buffer.allocUnsafe(4 + n * 12);
  buffer.writeUInt32LE(n, 0);
  entries.forEach(([mid, value], i) => {
    buffer.writeUInt32LE(mid, 4 + i * 4);
    buffer.writeDoubleLE(value, 4 + n * 4 + i * 8);
  });
  return buffer;
}

export function decodeValues(blob: Uint8Array): Map<Mid, number> {
  const view = viewOf(blob);
  const n = view.getUint32(0, true);
  const values = new Map<Mid, number>();
  for (let i = 0; i < n; i++) values.set(view.getUint32(4 + i * 4, true), view.getFloat64(4 + n * 4 + i * 8, true));
  return values;
}

export function encodeMinutes({ mean, cnt }: Minutes): Buffer {
  const buffer = Buffer.allocUnsafe(MINUTES * 10);
  writeDoubles(buffer, 0, mean);
  cnt.forEach((n, i) => buffer.writeUInt16LE(Math.min(n, MAX_U16), MINUTES * 8 + i * 2));
  return buffer;
}

export function decodeMinutes(blob: Uint8Array, iv: number): Minutes {
  const view = viewOf(blob);
  return {
    iv,
    mean: readDoubles(view, 0, MINUTES),
    cnt: Float64Array.from({ length: MINUTES }, (_, i) => view.getUint16(MINUTES * 8 + i * 2, true)),
  };
}

export function encodeFives({ min, max, sum, cnt }: Fives): Buffer {
  const buffer = Buffer.allocUnsafe(FIVES * 28);
  [min, max, sum].forEach((column, c) => writeDoubles(buffer, c * FIVES * 8, column));
  cnt.forEach((n, i) => buffer.writeUInt32LE(n, FIVES * 24 + i * 4));
  return buffer;
}

export function decodeFives(blob: Uint8Array, iv: number): Fives {
  const view = viewOf(blob);
  const column = (c: number): Float64Array => readDoubles(view, c * FIVES * 8, FIVES);
  return {
    iv,
    min: column(0),
    max: column(1),
    sum: column(2),
    cnt: Float64Array.from({ length: FIVES }, (_, i) => view.getUint32(FIVES * 24 + i * 4, true)),
  };
}

const viewOf = (blob: Uint8Array): DataView => new DataView(blob.buffer, blob.byteOffset, blob.byteLength);

function writeDoubles(buffer: Buffer, offset: number, values: Float64Array): void {
  values.forEach((value, i) => buffer.writeDoubleLE(value, offset + i * 8));
}

function readDoubles(view: DataView, offset: number, length: number): Float64Array {
  return Float64Array.from({ length }, (_, i) => view.getFloat64(offset + i * 8, true));
}
