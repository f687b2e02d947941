import fc from 'fast-check';
import { expect, test } from 'vitest';

import { FIVES, MINUTES } from '../samples/roll-up.ts';
import { decodeFives, decodeMinutes, decodeValues, encodeFives, encodeMinutes, encodeValues } from './blobs.ts';

const value = fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constant(Number.NaN));
const column = (length: number): fc.Arbitrary<Float64Array> =>
  fc.array(value, { minLength: length, maxLength: length }).map((list) => Float64Array.from(list));
const counts = (length: number): fc.Arbitrary<Float64Array> =>
  fc.array(fc.nat({ max: 60_000 }), { minLength: length, maxLength: length }).map((list) => Float64Array.from(list));

test('values come out as they went in', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(fc.nat({ max: 2 ** 31 }), fc.double({ noNaN: true })), {
        selector: ([id]) => id,
        maxLength: 50,
      }),
      (entries) => {
        const values = new Map(entries);
        expect(decodeValues(encodeValues(values))).toEqual(values);
      },
    ),
  );
});

test('slots come out as they went in, empty ones as NaN', () => {
  fc.assert(
    fc.property(
      column(MINUTES),
      counts(MINUTES),
      column(FIVES),
      column(FIVES),
      column(FIVES),
      counts(FIVES),
      (mean, cnt, min, max, sum, cnt5) => {
        expect(decodeMinutes(encodeMinutes({ iv: 20, mean, cnt }), 20)).toEqual({ iv: 20, mean, cnt });
        expect(decodeFives(encodeFives({ iv: 20, min, max, sum, cnt: cnt5 }), 20)).toEqual({
          iv: 20,
          min,
          max,
          sum,
          cnt: cnt5,
        });
      },
    ),
  );
});
