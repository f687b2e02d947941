import measure from 'fast-string-truncated-width';

const ASCII = /^[\x20-\x7e]*$/;
const ELLIPSIS = '…';
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that `text` takes on a terminal: wide characters count two, combining marks none. The text must be neutralised. */
export function displayWidth(text: string): number {
  return ASCII.test(text) ? text.length : measure(text).width;
}

/** Shortens `text` to at most `columns`; what was cut is marked by an ellipsis. Never splits a character with its marks. */
export function fit(text: string, columns: number): string {
  if (columns <= 0) return '';
  return displayWidth(text) <= columns ? text : start(text, columns - 1) + ELLIPSIS;
}

/** The same, but the end stays readable: names often differ in their last characters only. */
export function fitMiddle(text: string, columns: number): string {
  if (columns < 5 || displayWidth(text) <= columns) return fit(text, columns);
  const tail = Math.floor((columns - 1) / 2);
  return start(text, columns - 1 - tail) + ELLIPSIS + end(text, tail);
}

function start(text: string, columns: number): string {
  return taken(
    Array.from(graphemes.segment(text), ({ segment }) => segment),
    columns,
  ).join('');
}

function end(text: string, columns: number): string {
  const backwards = Array.from(graphemes.segment(text), ({ segment }) => segment).toReversed();
  return taken(backwards, columns).toReversed().join('');
}

/** The first segments that fit. */
function taken(segments: readonly string[], columns: number): string[] {
  let width = 0;
  const over = segments.findIndex((segment) => (width += displayWidth(segment)) > columns);
  return over === -1 ? [...segments] : segments.slice(0, over);
}

/** Fills `text` with spaces to exactly `columns` (left- or right-aligned); longer text is returned as it is. */
export function pad(text: string, columns: number, align: 'left' | 'right' = 'left'): string {
  const gap = ' '.repeat(Math.max(0, columns - displayWidth(text)));
  return align === 'left' ? text + gap : gap + text;
}

/** Breaks prose at spaces so that no line is wider than `columns`; a word that is longer stands on a line of its own. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && displayWidth(longer) > columns) {
      lines.push(line);
      line = word;
    } else line = longer;
  }
  lines.push(line);
  return lines;
}
