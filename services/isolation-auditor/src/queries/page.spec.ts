import { MAX_BODY_BYTES, type TargetVerdict } from '@seatrial/contracts';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { pageOf } from './page.ts';

const target = (n: number, name = 'name'): TargetVerdict => ({
  platform: 'docker',
  id: String(n),
  name,
  identity: 'identity',
  status: 'running',
  k: { host: 1 },
  grade: 'A',
  groupId: 'group',
});

describe('pages', () => {
  test('together hold every row of both lists once, in order', () => {
    const findings = fc.array(fc.record({ id: fc.nat(), text: fc.string({ maxLength: 200 }) }), { maxLength: 60 });
    fc.assert(
      fc.property(findings, fc.nat(40), fc.integer({ min: 1, max: 20 }), (all, count, limit) => {
        const targets = Array.from({ length: count }, (_, n) => target(n, 'x'.repeat(8000)));
        const seen: { findings: unknown[]; targets: unknown[] } = { findings: [], targets: [] };
        for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
          const page = pageOf({ findings: all, targets }, { limit, ...(cursor !== undefined && { cursor }) });
          expect(page.findings.length).toBeLessThanOrEqual(limit);
          expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(MAX_BODY_BYTES);
          seen.findings.push(...page.findings);
          seen.targets.push(...page.targets);
          cursor = page.cursor;
        }
        expect(seen).toEqual({ findings: all, targets });
      }),
      { numRuns: 50 },
    );
  });

  test('a page is cut where the message would become too large', () => {
    const findings = Array.from({ length: 100 }, (_, id) => ({ id, text: 'x'.repeat(10_000) }));
    const page = pageOf({ findings, targets: [] }, { limit: 100 });
    expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThanOrEqual(MAX_BODY_BYTES);
    expect(page.findings.length).toBeGreaterThan(20);
    expect(page.cursor).toBeDefined();
  });

  test('a cursor that no page gave is refused', () => {
    expect(() => pageOf({ findings: [], targets: [] }, { cursor: 'nonsense' })).toThrow(
      'the cursor is not one of an earlier page',
    );
  });
});
