import { parseModule } from '../module.ts';
import { sourcesOf, type Violation, type Workspace } from '../workspace.ts';

/** Longest block, in lines, that may stand in two places. */
const LONGEST = 20;

interface Line {
  readonly text: string;
  readonly number: number;
}

/** Blocks of equal lines in two places. White space, comments, imports and empty lines do not count. */
export function duplicateViolations(workspace: Workspace, longest = LONGEST): Violation[] {
  const files = sourcesOf(workspace).map(({ path, text }) => ({ path, lines: codeLines(path, text) }));
  const windows = new Map<string, { readonly file: number; readonly line: number }>();
  const found: Violation[] = [];
  for (const [file, { path, lines }] of files.entries()) {
    for (let line = 0; line + longest < lines.length; line += 1) {
      const key = lines
        .slice(line, line + longest + 1)
        .map(({ text }) => text)
        .join('\n');
      const first = windows.get(key);
      if (!first) {
        windows.set(key, { file, line });
        continue;
      }
      const other = files[first.file];
      // Overlapping windows of one file are its own repetition; they count once they are apart.
      if (!other || (first.file === file && line - first.line <= longest)) continue;
      const length = commonLength(lines, line, other.lines, first.line);
      found.push({
        at: `${path}:${lines[line]?.number}`,
        what: `${length} lines as in ${other.path}:${other.lines[first.line]?.number}`,
      });
      line += length - 1;
    }
  }
  return found;
}

function commonLength(a: readonly Line[], at: number, b: readonly Line[], from: number): number {
  let length = 0;
  while (a[at + length] && a[at + length]?.text === b[from + length]?.text) length += 1;
  return length;
}

function codeLines(path: string, text: string): Line[] {
  const { program, comments } = parseModule(path, text);
  const imports = program.body.filter(({ type }) => type === 'ImportDeclaration');
  const code = [...comments, ...imports].reduce(
    (rest, { start, end }) => rest.slice(0, start) + rest.slice(start, end).replaceAll(/[^\n]/g, ' ') + rest.slice(end),
    text,
  );
  return code
    .split('\n')
    .map((line, index) => ({ text: line.replaceAll(/\s+/g, ' ').trim(), number: index + 1 }))
    .filter((line) => line.text !== '');
}
