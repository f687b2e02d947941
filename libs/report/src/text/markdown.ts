import { neutralise } from './neutralise.ts';

/** Text from outside as a Markdown code span that no content can leave: no HTML, links, mentions, formulas or table cells come out of it. */
export function codeSpan(text: string): string {
  const shown = neutralise(text).replaceAll('|', '\\|');
  const longest = Math.max(0, ...Array.from(shown.matchAll(/`+/g), ([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const gap = shown.startsWith('`') || shown.endsWith('`') || shown === '' ? ' ' : '';
  return `${fence}${gap}${shown}${gap}${fence}`;
}

/** A Markdown table; the cells must be safe already. */
export function markdownTable(headers: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(headers), line(headers.map(() => '---')), ...rows.map(line)];
}
