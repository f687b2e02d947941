import { MAX_BODY_BYTES, type Audit, type Finding, type ReplyOf } from '@seatrial/contracts';

import { CursorInvalid } from '../errors.ts';

const DEFAULT_LIMIT = 100;

/** Rows from an offset on that fit one message beside `others`. The cursor holds the offset and the order is always the same, so a list that changes between two pages may repeat or hide a row at the seam. */
export function pageOf<T>(
  rows: readonly T[],
  page: { readonly cursor?: string; readonly limit?: number },
  others: unknown = {},
): { rows: T[]; cursor?: string } {
  const from = page.cursor === undefined ? 0 : decode(page.cursor);
  let bytes = Buffer.byteLength(JSON.stringify(others)) + MARGIN_BYTES;
  const fitting: T[] = [];
  for (const row of rows.slice(from, from + (page.limit ?? DEFAULT_LIMIT))) {
    bytes += Buffer.byteLength(JSON.stringify(row)) + 1;
    if (fitting.length > 0 && bytes > MAX_BODY_BYTES) break;
    fitting.push(row);
  }
  const next = from + fitting.length;
  return { rows: fitting, ...(next < rows.length && { cursor: encode(next) }) };
}

/** Names of the other fields and brackets. */
const MARGIN_BYTES = 4 * 1024;

/** The reply to a synchronous audit: as many findings as fit, worst first. */
export function firstPage(report: {
  readonly findings: readonly Finding[];
  readonly targets: ReplyOf<typeof Audit>['targets'];
  readonly summary: ReplyOf<typeof Audit>['summary'];
}): ReplyOf<typeof Audit> {
  const { targets, summary } = report;
  const { rows, cursor } = pageOf(report.findings, { limit: report.findings.length }, { targets, summary });
  return { summary, targets, findings: rows, ...(cursor !== undefined && { cursor }) };
}

const encode = (offset: number): string => Buffer.from(`o${offset}`, 'utf8').toString('base64url');

function decode(cursor: string): number {
  const text = Buffer.from(cursor, 'base64url').toString('utf8');
  if (!/^o\d{1,9}$/.test(text)) throw new CursorInvalid();
  return Number(text.slice(1));
}
