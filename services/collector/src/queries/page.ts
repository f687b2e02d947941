import { MAX_BODY_BYTES, type ResourceRecord } from '@seatrial/contracts';

import { CursorInvalid } from '../errors.ts';

const DEFAULT_LIMIT = 100;
/** Bytes of one page's rows; the rest of the body is small. */
const MAX_PAGE_BYTES = MAX_BODY_BYTES - 8 * 1024;

/** One page of records, ordered by id. The cursor is the id after which the next page begins, so that records that come and go between two pages repeat or hide no other. */
export function pageOf(
  records: readonly ResourceRecord[],
  page: { readonly cursor?: string; readonly limit?: number },
): { rows: ResourceRecord[]; total: number; cursor?: string } {
  const after = page.cursor === undefined ? '' : decode(page.cursor);
  const rest = records.filter(({ id }) => id > after).toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const rows: ResourceRecord[] = [];
  let bytes = 0;
  for (const record of rest.slice(0, page.limit ?? DEFAULT_LIMIT)) {
    bytes += Buffer.byteLength(JSON.stringify(record)) + 1;
    if (rows.length > 0 && bytes > MAX_PAGE_BYTES) break;
    rows.push(record);
  }
  const last = rows.at(-1);
  return {
    rows,
    total: records.length,
    ...(last !== undefined && rows.length < rest.length && { cursor: encode(last.id) }),
  };
}

const encode = (id: string): string => Buffer.from(id, 'utf8').toString('base64url');

function decode(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString('utf8');
  if (id === '' || encode(id) !== cursor) throw new CursorInvalid();
  return id;
}
