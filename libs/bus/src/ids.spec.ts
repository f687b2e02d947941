import { describe, expect, test } from 'vitest';

import { derivedId, MAX_ID, nextDerivedId, uuidv7 } from './ids.ts';

describe('uuidv7', () => {
  test('has version, variant and the time of its making', () => {
    const before = Date.now();
    const id = uuidv7();
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    const made = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
    expect(made).toBeGreaterThanOrEqual(before);
    expect(made - before).toBeLessThan(60_000);
  });

  test('100,000 in a row ascend and never repeat, also when many fall into one millisecond', () => {
    const ids = Array.from({ length: 100_000 }, uuidv7);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.toSorted()).toEqual(ids);
  });
});

describe('derived ids', () => {
  test('name the cause, count by name and repeat for a redelivery', () => {
    const first = { id: 'c1' };
    expect([nextDerivedId(first, 'finding'), nextDerivedId(first, 'finding'), nextDerivedId(first, 'audit')]).toEqual([
      'c1/finding/1',
      'c1/finding/2',
      'c1/audit/1',
    ]);
    expect(nextDerivedId({ id: 'c1' }, 'finding')).toBe('c1/finding/1');
  });

  test('stay short along a chain of causes and still tell causes apart', () => {
    const deep = (start: string): string => {
      let id = start;
      for (let i = 0; i < 50; i++) id = derivedId(id, 'resource-changed', 1);
      return id;
    };
    expect(deep('a').length).toBeLessThanOrEqual(MAX_ID);
    expect(deep('a')).toBe(deep('a'));
    expect(deep('a')).not.toBe(deep('b'));
  });
});
