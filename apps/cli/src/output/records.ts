import { renderTable, sortRows, toJsonText, toNdjsonText, type Column, type Paint } from '@seatrial/report';

import { UsageFault } from '../parse/fault.ts';
import type { Flags } from '../parse/flags.ts';
import { didYouMean } from '../parse/nearest.ts';
import type { Session } from '../session.ts';
import { toYamlText } from './yaml.ts';

/** A kind of record and how it is written. */
export interface RecordKind<Row> {
  readonly columns: readonly Column<Row>[];
  /** What `-o name` prints: `container/shop-web`. */ readonly name: (row: Row) => string;
  /** What a person reads on stderr when there is nothing. */ readonly empty: string;
}

/** Text of rows in the format that `-o` names, ready for stdout; empty text for an empty table. */
export async function recordsText<Row>(
  rows: readonly Row[],
  kind: RecordKind<Row>,
  flags: Flags,
  { width }: Pick<Session, 'width'>,
  paint: Paint,
): Promise<string> {
  const sorted = inOrder(rows, kind, flags);
  switch (flags.text('output') ?? '') {
    case 'json':
      return `${toJsonText(sorted)}\n`;
    case 'ndjson':
      return toNdjsonText(sorted);
    case 'yaml':
      return toYamlText(sorted);
    case 'name':
      return sorted.map((row) => `${kind.name(row)}\n`).join('');
    default: {
      const wide = flags.text('output') === 'wide';
      const lines = renderTable(sorted, shownColumns(sorted, kind, flags), {
        headers: !flags.on('no-headers'),
        paint,
        ...(!wide && { width }),
      });
      return lines.map((line) => `${line}\n`).join('');
    }
  }
}

/** Rows as `--sort-by` and `--reverse` want them; in the given order without. @throws UsageFault for an unknown column */
export function inOrder<Row>(rows: readonly Row[], { columns }: RecordKind<Row>, flags: Flags): Row[] {
  const by = flags.text('sort-by');
  if (by === undefined) return flags.on('reverse') ? rows.toReversed() : [...rows];
  return sortRows(rows, columnNamed(by, columns), flags.on('reverse'));
}

/** Columns that `--columns` names, or those of the format; one that says nothing on any row is left out. @throws UsageFault for an unknown column */
function shownColumns<Row>(rows: readonly Row[], { columns }: RecordKind<Row>, flags: Flags): readonly Column<Row>[] {
  const wanted = flags.list('columns');
  if (wanted.length > 0) return wanted.map((key) => columnNamed(key, columns));
  const wide = flags.text('output') === 'wide';
  return columns.filter((column) => (wide || column.wide !== true) && rows.some((row) => textOf(column, row) !== ''));
}

function textOf<Row>(column: Column<Row>, row: Row): string {
  const cell = column.cell(row);
  return typeof cell === 'string' ? cell : cell.text;
}

function columnNamed<Row>(key: string, columns: readonly Column<Row>[]): Column<Row> {
  const found = columns.find((column) => column.key === key.toLowerCase());
  if (found !== undefined) return found;
  const keys = columns.map((column) => column.key);
  throw new UsageFault(
    `there is no column "${key}"`,
    [didYouMean(key, keys), `The columns are: ${keys.join(', ')}.`].filter(Boolean).join(' '),
  );
}
