import { neutralise } from '../text/neutralise.ts';
import { displayWidth, pad, wrap } from '../text/width.ts';
import { cellText, type Cell } from './column.ts';
import { unpainted, type Paint } from './paint.ts';

/** A titled group of facts: `describe` and `explain` print several. */
export interface SheetSection {
  readonly title: string;
  /** Name and value; an absent value is left out. */ readonly facts?: readonly (readonly [string, Cell | undefined])[];
  /** Free lines below the facts, e.g. a table or prose. */ readonly lines?: readonly string[];
}

/** Lines of a record written as sections of `name  value`; values longer than `width` go on, indented, on the next line. */
export function renderSheet(sections: readonly SheetSection[], width = 80, paint: Paint = unpainted): string[] {
  const names = sections.flatMap(({ facts = [] }) =>
    facts.filter(([, value]) => value !== undefined).map(([name]) => displayWidth(name)),
  );
  const indent = Math.max(0, ...names) + 4;
  return sections.flatMap((section, at) => [
    ...(at === 0 ? [] : ['']),
    paint(neutralise(section.title), 'strong'),
    ...(section.facts ?? []).flatMap(([name, value]) =>
      value === undefined ? [] : renderFact(name, value, indent, width, paint),
    ),
    ...(section.lines ?? []).map((line) => `  ${line}`.trimEnd()),
  ]);
}

function renderFact(name: string, value: Cell, indent: number, width: number, paint: Paint): string[] {
  const tone = typeof value === 'string' ? 'plain' : value.tone;
  const lines = wrap(neutralise(cellText(value)), Math.max(20, width - indent)).map((line) =>
    tone === 'plain' ? line : paint(line, tone),
  );
  return lines.map((line, at) => (at === 0 ? `  ${pad(name, indent - 2)}${line}` : `${' '.repeat(indent)}${line}`));
}
