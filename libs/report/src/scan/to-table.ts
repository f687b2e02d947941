import type { Finding } from '@seatrial/contracts';

import type { Column } from '../table/column.ts';
import { unpainted, type Paint } from '../table/paint.ts';
import { renderTable } from '../table/render-table.ts';
import { neutralise } from '../text/neutralise.ts';
import { wrap } from '../text/width.ts';
import { foldByCheck, type Fold } from './fold.ts';
import { findingLabel, inPrintOrder, severityCell, type ScanResult } from './result.ts';
import { summarySentence } from './tally.ts';

/** How a scan is written for a person. */
export interface ScanTableOptions {
  /** Columns of the terminal; ignored by `wide`. @default 80 */ readonly width?: number;
  /** One line a finding with everything, instead of one line a check. */ readonly wide?: boolean;
  readonly headers?: boolean;
  readonly paint?: Paint;
}

/**
 * A scan as a table and a closing sentence. By default one line stands for all targets with the same verdict (`web-1 +2`) and findings that are
 * part of another are left out but counted; `wide` writes every finding on its own line.
 */
export function scanToTable(result: ScanResult, options: ScanTableOptions = {}): string {
  const { wide = false, paint = unpainted, headers = true } = options;
  const width = options.width ?? 80;
  const table = wide
    ? renderTable(inPrintOrder(result.findings), present(WIDE_COLUMNS, result.findings, findingLabel), {
        paint,
        headers,
      })
    : foldedTable(result.findings, width, paint, headers);
  const closing = [...wrap(neutralise(summarySentence(result)), width), ...escapeLines(result, width, paint)];
  return [...table, ...(table.length === 0 ? [] : ['']), ...closing, ''].join('\n');
}

function foldedTable(findings: readonly Finding[], width: number, paint: Paint, headers: boolean): string[] {
  const folds = foldByCheck(findings.filter(({ primary }) => primary));
  return renderTable(
    folds,
    present(FOLD_COLUMNS, folds, ({ label }) => label),
    { width, paint, headers },
  );
}

/** The label column stands only where a row has a label. */
function present<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  label: (row: Row) => string,
): Column<Row>[] {
  return columns.filter(({ key }) => key !== 'label' || rows.some((row) => label(row) !== ''));
}

const FOLD_COLUMNS: readonly Column<Fold>[] = [
  { key: 'severity', header: 'SEV', cell: ({ finding }) => severityCell(finding) },
  { key: 'check', header: 'CHECK', cell: ({ finding }) => finding.checkId },
  { key: 'targets', header: 'TARGETS', cell: ({ targets }) => targetsText(targets), shrinkTo: 12, cut: 'middle' },
  { key: 'label', header: 'LABEL', cell: ({ label }) => ({ text: label, tone: 'warn' }) },
  { key: 'finding', header: 'FINDING', cell: ({ finding }) => finding.title, shrinkTo: 12 },
];

/** `web-1`, or `web-1 +2` for three. */
function targetsText([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} +${others.length}`;
}

const WIDE_COLUMNS: readonly Column<Finding>[] = [
  { key: 'severity', header: 'SEV', cell: severityCell },
  { key: 'status', header: 'STATUS', cell: ({ status, stale }) => (stale === true ? `${status} (stale)` : status) },
  { key: 'check', header: 'CHECK', cell: ({ checkId }) => checkId },
  { key: 'target', header: 'TARGET', cell: ({ target }) => target.name },
  { key: 'host', header: 'HOST', cell: ({ target }) => target.host },
  { key: 'label', header: 'LABEL', cell: (finding) => ({ text: findingLabel(finding), tone: 'warn' }) },
  { key: 'evidence', header: 'EVIDENCE', cell: ({ confidence }) => confidence },
  { key: 'part-of', header: 'PART OF', cell: ({ subsumedBy }) => subsumedBy ?? '' },
  { key: 'fingerprint', header: 'FINGERPRINT', cell: ({ fingerprint }) => fingerprint.slice(0, 12) },
  { key: 'finding', header: 'FINDING', cell: ({ message }) => message },
  { key: 'fix', header: 'FIX', cell: ({ remedy }) => remedy },
];

/** Names the containers from which the host is reached without any unknown vulnerability. */
function escapeLines({ targets }: ScanResult, width: number, paint: Paint): string[] {
  const open = targets.filter(({ k }) => k.host === 0).map(({ name }) => neutralise(name));
  if (open.length === 0) return [];
  return wrap(`The host is open (K 0) from: ${open.join(', ')}`, width).map((line) => paint(line, 'critical'));
}
