import type { Tone } from './paint.ts';

/** What one cell shows. Text from outside may be raw: the printer neutralises it. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

/** One column of a kind of record. */
export interface Column<Row> {
  /** Name in `--columns` and `--sort-by`, e.g. `memory`. */
  readonly key: string;
  /** Heading, upper case. */
  readonly header: string;
  readonly cell: (row: Row) => Cell;
  /** What `--sort-by` compares; the cell's text when absent. */
  readonly sort?: (row: Row) => number | string;
  /** @default 'left' */ readonly align?: 'left' | 'right';
  /** Shown by `-o wide` and `--columns` only. */ readonly wide?: true;
  /** Least width to which the column may be shortened when the line is too long, columns. Absent: it gives way last. */
  readonly shrinkTo?: number;
  /** Which part gives way: the end, or the middle of names that differ in their last characters. @default 'end' */ readonly cut?:
    | 'end'
    | 'middle';
}

/** The text of a cell without its tone. */
export function cellText(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

/** Sorts a copy of `rows` by a column, ascending; `descending` turns it. Equal rows keep their order. */
export function sortRows<Row>(rows: readonly Row[], column: Column<Row>, descending = false): Row[] {
  const by = column.sort ?? ((row: Row) => cellText(column.cell(row)));
  const sign = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, key: by(row) }))
    .toSorted((a, b) => sign * compareKeys(a.key, b.key))
    .map(({ row }) => row);
}

function compareKeys(a: number | string, b: number | string): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  return String(a).localeCompare(String(b), 'en', { numeric: true });
}
