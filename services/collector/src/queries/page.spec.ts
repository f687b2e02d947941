import type { ResourceRecord } from '@seatrial/contracts';
import { expect, test } from 'vitest';

import { pageOf } from './page.ts';

const record = (id: string, padding = ''): ResourceRecord =>
  ({ id, kind: 'container', name: id, attrs: { padding } }) as unknown as ResourceRecord;

/** Ids of all pages; `between` runs after each. */
function walk(records: ResourceRecord[], limit: number, between: () => void = () => undefined): string[][] {
  const pages: string[][] = [];
  for (let cursor: string | undefined; ;) {
    const page = pageOf(records, { limit, ...(cursor !== undefined && { cursor }) });
    pages.push(page.rows.map(({ id }) => id));
    if (page.cursor === undefined) return pages;
    cursor = page.cursor;
    between();
  }
}

test('pages follow the ids, whatever order the records are in', () => {
  expect(
    walk(
      ['c', 'a', 'e', 'b', 'd'].map((id) => record(id)),
      2,
    ),
  ).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  expect(pageOf([], {})).toEqual({ rows: [], total: 0 });
});

test('records that come and go between two pages repeat and hide no other', () => {
  const records = ['b', 'd', 'f', 'h'].map((id) => record(id));
  let first = true;
  const pages = walk(records, 2, () => {
    if (!first) return;
    first = false;
    records.splice(0, 2, record('a'), record('e'));
  });
  expect(pages.flat()).toEqual(['b', 'd', 'e', 'f', 'h']);
});

test('a page is cut before it passes what a message may hold', () => {
  const pages = walk(
    Array.from({ length: 40 }, (_, n) => record(String(n).padStart(2, '0'), 'x'.repeat(15_000))),
    500,
  );
  expect(pages.flat()).toHaveLength(40);
  expect(pages.length).toBeGreaterThan(1);
  for (const page of pages) expect(page.length * 15_000).toBeLessThan(256 * 1024);
});

test.each(['no cursor', '', 'YQ==', '%%%'])('%j is no cursor', (cursor) => {
  expect(() => pageOf([record('a')], { cursor })).toThrow(/cursor/);
});
