import { RootCommand, type Complete } from '@bomb.sh/tab';

import { layoutOf } from '../layout.ts';
import { KINDS, kindOf } from '../parse/kinds.ts';
import { VERBS } from '../verb-table.ts';
import type { Completes, FlagSpec, VerbSpec } from '../verb-table/spec.ts';
import { knownNames, type KnownNames } from './names.ts';

/** Tells the shell to complete file names itself. */
const LET_SHELL_COMPLETE_FILES = ':0';

/** Prints the completions of the words behind `complete --`, one a line with its description, then the directive. Never touches the bus. */
export function answer(words: readonly string[], env: Readonly<Record<string, string | undefined>>): void {
  if (wantsFile(words)) {
    console.log(LET_SHELL_COMPLETE_FILES);
    return;
  }
  tree(words, knownNames(layoutOf(env))).parse([...words]);
}

function wantsFile(words: readonly string[]): boolean {
  const before = words.at(-2)?.replace(/^--/, '');
  return VERBS.some(
    ({ name, flags = [] }) =>
      words.join(' ').startsWith(`${name} `) && flags.some((flag) => flag.name === before && flag.completes === 'file'),
  );
}

/** The verb table as the library wants it. */
function tree(words: readonly string[], names: KnownNames): RootCommand {
  const root = new RootCommand();
  for (const verb of VERBS) {
    const [group, second] = verb.name.split(' ');
    if (second !== undefined && group !== undefined && !root.commands.has(group))
      root.command(group, `verbs: ${group}`);
    const command = root.command(verb.name, verb.summary);
    for (const { name, choices, offers = choices, completes, variadic = false } of verb.args ?? []) {
      command.argument(
        name,
        (complete) => offer(complete, offers ?? candidates(completes, verb, words, names)),
        variadic,
      );
    }
    for (const flag of verb.flags ?? []) addFlag(command, flag, verb, words, names);
  }
  return root;
}

function addFlag(
  command: ReturnType<RootCommand['command']>,
  flag: FlagSpec,
  verb: VerbSpec,
  words: readonly string[],
  names: KnownNames,
): void {
  const { name, short, value, doc, choices, completes } = flag;
  if (value === undefined) command.option(name, doc, short);
  else
    command.option(
      name,
      doc,
      (complete) => offer(complete, choices ?? candidates(completes, verb, words, names)),
      short,
    );
}

function offer(complete: Complete, values: readonly string[]): void {
  for (const value of values) complete(value, '');
}

function candidates(
  what: Completes | undefined,
  verb: VerbSpec,
  words: readonly string[],
  names: KnownNames,
): readonly string[] {
  switch (what) {
    case 'kind':
      return KINDS.map(({ name }) => name);
    case 'object':
      return objectNames(verb, words, names);
    case 'check':
      return names.checks ?? [];
    case 'topic':
      return [...VERBS.map(({ name }) => name), 'exit-codes'];
    case 'contract':
      return names.contracts ?? [];
    case 'file':
    case undefined:
      return [];
  }
}

/** `get containers <TAB>` offers containers; `explain CHECK <TAB>` too. */
function objectNames(verb: VerbSpec, words: readonly string[], names: KnownNames): readonly string[] {
  if (verb.name === 'explain') return names.containers ?? [];
  const kind = words.map(kindOf).find((found) => found !== undefined);
  return kind === undefined ? [] : (names[kind] ?? []);
}
