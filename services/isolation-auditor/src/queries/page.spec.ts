import { MAX_BODY_BYTES } from '@seatrial/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { pageOf } from './page.ts';

describe('pages', () => {
  test('together hold every row once, in order, and each fits a message', () => {
    const rows = fc.array(fc.record({ id: fc.nat(), text: fc.string({ maxLength: 200 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(rows, fc.integer({ min: 1, max: 20 }), (all, limit) => {
        const seen: unknown[] = [];
        for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
          const page = pageOf(all, { limit, ...(cursor !== undefined && { cursor }) });
          expect(page.rows.length).toBeLessThanOrEqual(limit);
          seen.push(...page.rows);
          cursor = page.cursor;
        }
        expect(seen).toEqual(all);
      }),
    );
  });

  test('a page is cut where the message would become too large', () => {
    const rows = Array.from({ length: 100 }, (_, id) => ({ id, text: 'x'.repeat(10_000) }));
    const page = pageOf(rows, { limit: 100 });
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(page.rows.length).toBeGreaterThan(20);
    expect(page.cursor).toBeDefined();
  });

  test('a cursor that no page gave is refused', () => {
    expect(() => pageOf([], { cursor: 'nonsense' })).toThrow('the cursor is not one of an earlier page');
  });
});
