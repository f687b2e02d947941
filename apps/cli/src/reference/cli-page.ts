import { codeSpan, markdownTable } from '@seatrial/report';

import { argumentDoc, flagDoc, usageLine } from '../help/render.ts';
import type { VerbGroup } from '../verb-table.ts';
import type { VerbSpec } from '../verb-table/spec.ts';

/** The reference page of the command line, generated from the verb table. */
export function cliPage(groups: readonly VerbGroup[]): string {
  return [
    '# Command line',
    '',
    '<!-- Generated from the verb table by `npm run generate`; do not edit. -->',
    '',
    'Results go to stdout, everything else to stderr. `seatrial` alone prints what runs here and what to do next. Exit codes and error codes: [errors](errors.md).',
    '',
    ...groups.flatMap(({ title, verbs }) => [`## ${title}`, '', ...verbs.flatMap(verbSection)]),
  ].join('\n');
}

function verbSection(verb: VerbSpec): string[] {
  const { args = [], flags = [], subjects = [], role } = verb;
  return [
    `### ${verb.name}`,
    '',
    `${verb.summary.charAt(0).toUpperCase()}${verb.summary.slice(1)}.${verb.doc === undefined ? '' : ` ${verb.doc}`}`,
    '',
    '```',
    usageLine(verb),
    '```',
    '',
    ...(args.length === 0
      ? []
      : [
          ...markdownTable(
            ['Argument', 'Meaning'],
            args.map((argument) => [codeSpan(argument.name), cell(argumentDoc(argument))]),
          ),
          '',
        ]),
    ...(flags.length === 0
      ? []
      : [
          ...markdownTable(
            ['Flag', 'Meaning'],
            flags.map((flag) => [codeSpan(flagName(flag)), cell(flagDoc(flag))]),
          ),
          '',
        ]),
    ...verb.examples.map(({ line, does }) => `- ${codeSpan(`seatrial ${line}`)}: ${does}`),
    '',
    ...(role === 'none'
      ? []
      : [
          `Role on the bus: ${role}.${subjects.length === 0 ? '' : ` Messages: ${subjects.map(codeSpan).join(', ')}.`}`,
          '',
        ]),
  ];
}

function flagName({
  name,
  short,
  value,
}: {
  readonly name: string;
  readonly short?: string;
  readonly value?: string;
}): string {
  return `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('*', '\\*');
}
