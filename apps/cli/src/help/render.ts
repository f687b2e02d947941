import { pad, wrap } from '@seatrial/report';

import type { VerbGroup } from '../verb-table.ts';
import type { ArgumentSpec, FlagSpec, VerbSpec } from '../verb-table/spec.ts';

const WIDTH = 80;
const PROGRAM = 'seatrial';

/** `seatrial --help`: examples first, then all verbs. */
export function renderOverview(groups: readonly VerbGroup[]): string {
  return page([
    ['Seatrial inspects and proves estates that mix virtual machines and containers.'],
    section(
      'Examples',
      rows([
        [`${PROGRAM} up`, 'start a plane here and take a first look'],
        [`${PROGRAM} get findings`, 'what was found, worst first'],
        [`${PROGRAM} scan --fail-on high`, 'audit now; exit with 3 on a high finding'],
        [`${PROGRAM} explain dkr.ns.pid.host`, 'why it matters and how to fix it'],
      ]),
    ),
    ...groups.map(({ title, verbs }) => section(title, rows(verbs.map(({ name, summary }) => [name, summary])))),
    [`\`${PROGRAM} VERB --help\` shows its flags;`, `\`${PROGRAM} help exit-codes\` what scripts can rely on.`],
  ]);
}

/** `seatrial VERB --help`: what it does, examples, then arguments and flags. */
export function renderVerbHelp(verb: VerbSpec): string {
  const { args = [], flags = [] } = verb;
  const groups = [...new Set(flags.map(flagGroup))];
  return page([
    wrap(`${sentence(verb.summary)}${verb.doc === undefined ? '' : ` ${verb.doc}`}`, WIDTH),
    section(
      'Examples',
      verb.examples.flatMap(({ line, does }) => example(line, does)),
    ),
    section('Usage', [`  ${usageLine(verb)}`]),
    args.length === 0 ? [] : section('Arguments', rows(args.map((argument) => [argument.name, argumentDoc(argument)]))),
    ...groups.map((group) =>
      section(
        group,
        rows(flags.filter((flag) => flagGroup(flag) === group).map((flag) => [flagTerm(flag), flagDoc(flag)])),
      ),
    ),
    verb.role === 'none' ? [] : [`Needs the role ${verb.role} on the bus, or a higher one.`],
  ]);
}

/** `seatrial dlq --help`. */
export function renderGroupHelp(word: string, verbs: readonly VerbSpec[]): string {
  return page([section(`Verbs of ${PROGRAM} ${word}`, rows(verbs.map(({ name, summary }) => [name, summary])))]);
}

/** The usage line of a verb. */
export function usageLine({ name, args = [], flags = [] }: VerbSpec): string {
  const written = args.map(({ name: argument, required = false, variadic = false }) => {
    const inner = variadic ? `${argument}...` : argument;
    return required ? inner : `[${inner}]`;
  });
  return [PROGRAM, name, ...written, ...(flags.length === 0 ? [] : ['[flags]'])].join(' ');
}

/** How a flag is typed: `-o, --output FORMAT`. */
function flagTerm({ name, short, value }: FlagSpec): string {
  return `${short === undefined ? '    ' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

/** What a flag does, its choices and its default. */
export function flagDoc({ doc, choices, default: preset }: FlagSpec): string {
  const taken = choices === undefined ? '' : `: ${choices.join(', ')}`;
  return `${doc}${taken}${preset === undefined ? '' : ` (default ${preset})`}`;
}

/** What an argument means and which values it takes. */
export function argumentDoc({ doc, choices }: ArgumentSpec): string {
  return choices === undefined ? doc : `${doc}: ${choices.join(', ')}`;
}

function flagGroup({ group = 'Flags' }: FlagSpec): string {
  return group;
}

function example(line: string, does: string): string[] {
  const command = `  ${PROGRAM} ${line}`;
  const column = 46;
  return command.length + 2 <= column && column + does.length <= WIDTH
    ? [`${pad(command, column)}${does}`]
    : [command, `      ${does}`];
}

/** Two columns; the second goes on below itself, or starts on the next line when the first is long. */
function rows(pairs: readonly (readonly [string, string])[]): string[] {
  const column = Math.min(30, Math.max(...pairs.map(([term]) => term.length)) + 4);
  return pairs.flatMap(([term, text]) => {
    const lines = wrap(text, WIDTH - column).map((line) => `${' '.repeat(column)}${line}`);
    const [first = '', ...rest] = lines;
    return term.length + 4 > column
      ? [`  ${term}`, first, ...rest]
      : [`${pad(`  ${term}`, column)}${first.trimStart()}`, ...rest];
  });
}

function section(title: string, lines: readonly string[]): string[] {
  return [title, ...lines];
}

function page(parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
