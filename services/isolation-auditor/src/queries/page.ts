import { MAX_BODY_BYTES, type Audit, type Finding, type ReplyOf, type TargetVerdict } from '@seatrial/contracts';

import { CursorInvalid } from '../errors.ts';

const DEFAULT_LIMIT = 100;
/** Names of the other fields, brackets, cursor. */
const MARGIN_BYTES = 4 * 1024;
/** Targets may fill this much of a page: findings come along with them. */
const TARGET_BYTES = MAX_BODY_BYTES / 2;

/** Both lists of a reply. */
export interface Lists<T> {
  readonly findings: readonly T[];
  readonly targets: readonly TargetVerdict[];
}

/**
 * As much of both lists, from where the page before ended, as fits one message beside `others`. The cursor holds the offsets and the order is always the same, so a list
 * that changes between two pages may repeat or hide a row at the seam.
 */
export function pageOf<T>(
  { findings, targets }: Lists<T>,
  page: { readonly cursor?: string; readonly limit?: number },
  others: unknown = {},
): { findings: T[]; targets: TargetVerdict[]; cursor?: string } {
  const from = page.cursor === undefined ? { findings: 0, targets: 0 } : decode(page.cursor);
  const begun = MARGIN_BYTES + sizeOf(others);
  const first = fitting(targets.slice(from.targets), begun, TARGET_BYTES);
  const limited = findings.slice(from.findings, from.findings + (page.limit ?? DEFAULT_LIMIT));
  const second = fitting(limited, first.bytes, MAX_BODY_BYTES);
  const next = { findings: from.findings + second.rows.length, targets: from.targets + first.rows.length };
  const more = next.findings < findings.length || next.targets < targets.length;
  return { findings: second.rows, targets: first.rows, ...(more && { cursor: encode(next) }) };
}

/** The reply to a synchronous audit: as many findings as fit, worst first. */
export function firstPage(report: {
  readonly findings: readonly Finding[];
  readonly targets: readonly TargetVerdict[];
  readonly summary: ReplyOf<typeof Audit>['summary'];
}): ReplyOf<typeof Audit> {
  const { summary } = report;
  return { summary, ...pageOf(report, { limit: report.findings.length }, { summary }) };
}

/** Rows up to the limit, the first one in any case: a list must come to its end. */
function fitting<T>(rows: readonly T[], begun: number, limitBytes: number): { rows: T[]; bytes: number } {
  let bytes = begun;
  const taken: T[] = [];
  for (const row of rows) {
    const size = sizeOf(row) + 1;
    if (taken.length > 0 && bytes + size > limitBytes) break;
    bytes += size;
    taken.push(row);
  }
  return { rows: taken, bytes };
}

const sizeOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

interface Offsets {
  readonly findings: number;
  readonly targets: number;
}

const encode = ({ findings, targets }: Offsets): string =>
  Buffer.from(`o${findings}.${targets}`, 'utf8').toString('base64url');

function decode(cursor: string): Offsets {
  const match = /^o(\d{1,9})\.(\d{1,9})$/.exec(Buffer.from(cursor, 'base64url').toString('utf8'));
  if (match === null) throw new CursorInvalid();
  return { findings: Number(match[1]), targets: Number(match[2]) };
}
