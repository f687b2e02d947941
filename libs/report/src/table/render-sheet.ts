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

/** Values of a section stand in one column up to here; a longer name has its value on the next line. */
const MOST_INDENT = 40;

/** Lines of a record written as sections of `name  value`; values longer than `width` go on, indented, on the next line. */
export function renderSheet(sections: readonly SheetSection[], width = 80, paint: Paint = unpainted): string[] {
  return sections.flatMap((section, at) => [...(at === 0 ? [] : ['']), ...renderSection(section, width, paint)]);
}

function renderSection({ title, facts = [], lines = [] }: SheetSection, width: number, paint: Paint): string[] {
  const present = facts.filter((fact): fact is readonly [string, Cell] => fact[1] !== undefined);
  const indent = Math.min(MOST_INDENT, Math.max(0, ...present.map(([name]) => displayWidth(name)))) + 4;
  return [
    paint(neutralise(title), 'strong'),
    ...present.flatMap(([name, value]) => renderFact(name, value, indent, width, paint)),
    ...lines.map((line) => `  ${line}`.trimEnd()),
  ];
}

function renderFact(name: string, value: Cell, indent: number, width: number, paint: Paint): string[] {
  const tone = typeof value === 'string' ? 'plain' : value.tone;
  const lines = wrap(neutralise(cellText(value)), Math.max(20, width - indent)).map((line) =>
    tone === 'plain' ? line : paint(line, tone),
  );
  if (displayWidth(name) + 4 > indent) return [`  ${name}`, ...lines.map((line) => ' '.repeat(indent) + line)];
  return lines.map((line, at) => (at === 0 ? `  ${pad(name, indent - 2)}` : ' '.repeat(indent)) + line);
}
