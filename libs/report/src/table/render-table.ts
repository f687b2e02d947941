import { neutralise } from '../text/neutralise.ts';
import { displayWidth, fit, fitMiddle, pad } from '../text/width.ts';
import { cellText, type Cell, type Column } from './column.ts';
import { unpainted, type Paint, type Tone } from './paint.ts';

const GAP = 2;
/** A column that must give way beyond its own limit still shows a few characters and the ellipsis. */
const LAST_RESORT = 4;

/** How a table is laid out. */
export interface TableOptions {
  /** Columns of the terminal; lines are never wider. Absent: as wide as the content (`-o wide`). */ readonly width?: number;
  /** @default true */ readonly headers?: boolean;
  readonly paint?: Paint;
}

/** Lines of a table; empty when there are no rows. Cells are neutralised, then shortened where `width` demands it, then painted. */
export function renderTable<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  options: TableOptions = {},
): string[] {
  if (rows.length === 0 || columns.length === 0) return [];
  const paint = options.paint ?? unpainted;
  const body = rows.map((row) => columns.map((column) => clean(column.cell(row))));
  const headers = options.headers ?? true;
  const lines = headers ? [columns.map((column): Clean => ({ text: column.header, tone: 'dim' })), ...body] : body;
  const natural = columns.map((_, at) => Math.max(...lines.map((line) => displayWidth(line[at]?.text ?? ''))));
  const widths = options.width === undefined ? natural : squeeze(natural, columns, options.width);
  return lines.map((line) => renderLine(line, columns, widths, paint));
}

interface Clean {
  readonly text: string;
  readonly tone: Tone;
}

function clean(cell: Cell): Clean {
  return { text: neutralise(cellText(cell)), tone: typeof cell === 'string' ? 'plain' : cell.tone };
}

function renderLine<Row>(
  line: readonly Clean[],
  columns: readonly Column<Row>[],
  widths: readonly number[],
  paint: Paint,
): string {
  const last = columns.length - 1;
  return line
    .map(({ text, tone }, at) => {
      const shown = (columns[at]?.cut === 'middle' ? fitMiddle : fit)(text, widths[at] ?? 0);
      const align = columns[at]?.align ?? 'left';
      // The last column is not filled, so that copied lines carry no trailing spaces.
      const padded = at === last && align === 'left' ? shown : pad(shown, widths[at] ?? 0, align);
      return tone === 'plain' ? padded : paint(padded, tone);
    })
    .join(' '.repeat(GAP))
    .trimEnd();
}

/** Takes columns away from the widest that may shrink, one at a time, until the line fits. Numbers (right-aligned) give way after everything else. */
function squeeze<Row>(natural: readonly number[], columns: readonly Column<Row>[], width: number): number[] {
  const widths = [...natural];
  const limits = columns.map(({ shrinkTo }, at) => shrinkTo ?? natural[at] ?? 0);
  const numbersWhole = columns.map(({ align }, at) => (align === 'right' ? (natural[at] ?? 0) : LAST_RESORT));
  for (const floor of [limits, numbersWhole, columns.map(() => LAST_RESORT), columns.map(() => 1)]) {
    let surplus = total(widths) - width;
    while (surplus > 0) {
      const widest = indexOfWidest(widths, floor);
      if (widest === undefined) break;
      widths[widest] = (widths[widest] ?? 0) - 1;
      surplus -= 1;
    }
  }
  return widths;
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, GAP * (widths.length - 1));
}

function indexOfWidest(widths: readonly number[], floor: readonly number[]): number | undefined {
  let found: number | undefined;
  for (const [at, width] of widths.entries()) {
    if (width > (floor[at] ?? 0) && (found === undefined || width > (widths[found] ?? 0))) found = at;
  }
  return found;
}
