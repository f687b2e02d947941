import { Argument, Command, Option, type CommanderError } from 'commander';

import { renderGroupHelp, renderOverview, renderVerbHelp } from '../help/render.ts';
import { OVERVIEW, VERB_GROUPS, VERBS } from '../verb-table.ts';
import type { ArgumentSpec, FlagSpec, Invocation, VerbSpec } from '../verb-table/spec.ts';
import { checkKinds } from './check-kinds.ts';
import { UsageFault } from './fault.ts';
import { Flags } from './flags.ts';
import { describeFault } from './describe-fault.ts';
import { readFlag } from './read-flag.ts';
import { VERSION } from '../version.ts';

/** Either something to carry out, or text to print. */
export type Parsed = { readonly invocation: Invocation } | { readonly print: string };

/** Reads a command line (without program and script). @throws UsageFault with the nearest names. */
export function parse(argv: readonly string[]): Parsed {
  if (argv.length === 0) return { invocation: { verb: OVERVIEW, args: [], flags: new Flags([]) } };
  let parsed: Parsed | undefined;
  const settle = (result: Parsed): void => {
    parsed = result;
  };
  const root = plainCommand('seatrial', settle, () => renderOverview(VERB_GROUPS), VERBS.map(firstWord));
  root
    .version(VERSION, '-V, --version', 'print the version')
    .configureOutput({ writeOut: (print) => settle({ print }), writeErr: () => {} });
  for (const verb of VERBS)
    commandOf(root, verb, settle).action((...call: unknown[]) => settle({ invocation: invocationOf(verb, call) }));
  try {
    root.parse([...argv], { from: 'user' });
  } catch (error) {
    // Help and version end by an exception too, after their text was taken.
    if (error instanceof UsageFault || parsed === undefined) throw error;
  }
  if (parsed === undefined) throw new UsageFault('nothing to do');
  return parsed;
}

function commandOf(root: Command, verb: VerbSpec, settle: (result: Parsed) => void): Command {
  const words = verb.name.split(' ');
  const name = words.pop() ?? verb.name;
  const command = plainCommand(name, settle, () => renderVerbHelp(verb), flagNames(verb), verb);
  for (const argument of verb.args ?? []) command.addArgument(argumentOf(argument));
  for (const flag of verb.flags ?? []) command.addOption(optionOf(flag));
  parentOf(root, words, settle).addCommand(command);
  return command;
}

/** The command that holds the second words of a verb in two words. */
function parentOf(root: Command, words: readonly string[], settle: (result: Parsed) => void): Command {
  const [word] = words;
  if (word === undefined) return root;
  const found = root.commands.find((command) => command.name() === word);
  if (found !== undefined) return found;
  const verbs = VERBS.filter((verb) => verb.name.startsWith(`${word} `));
  const group = plainCommand(word, settle, () => renderGroupHelp(word, verbs), verbs.map(lastWord));
  root.addCommand(group);
  return group;
}

function plainCommand(
  name: string,
  settle: (result: Parsed) => void,
  help: () => string,
  names: readonly string[],
  verb?: VerbSpec,
): Command {
  return new Command(name)
    .helpOption('-h, --help', 'show this help')
    .helpCommand(false)
    .showSuggestionAfterError(false)
    .configureHelp({ formatHelp: help })
    .configureOutput({ writeOut: (print) => settle({ print }), writeErr: () => {} })
    .exitOverride((error: CommanderError) => {
      if (error.exitCode === 0) throw error;
      throw describeFault(error, { command: name === 'seatrial' ? '' : (verb?.name ?? name), names });
    });
}

function argumentOf({ name, doc, required = false, variadic = false, choices }: ArgumentSpec): Argument {
  const inner = variadic ? `${name}...` : name;
  const argument = new Argument(required ? `<${inner}>` : `[${inner}]`, doc);
  return choices === undefined ? argument : argument.choices([...choices]);
}

function optionOf({ name, short, value, doc, choices }: FlagSpec): Option {
  const long = value === undefined ? `--${name}` : `--${name} <${value}>`;
  const option = new Option(short === undefined ? long : `-${short}, ${long}`, doc);
  return choices === undefined ? option : option.choices([...choices]);
}

/** Commander calls the action with the arguments, the options and the command. */
function invocationOf(verb: VerbSpec, call: readonly unknown[]): Invocation {
  const command = call.at(-1) as Command;
  const given = command.opts<Record<string, unknown>>();
  const args = command.processedArgs.flat().filter((argument): argument is string => typeof argument === 'string');
  const used = (verb.flags ?? []).filter((flag) => command.getOptionValueSource(attributeOf(flag)) === 'cli');
  const flags = (verb.flags ?? []).flatMap((flag) => {
    const value = readFlag(flag, used.includes(flag) ? given[attributeOf(flag)] : undefined);
    return value === undefined ? [] : [[flag.name, value] as const];
  });
  return { verb, args: checkKinds(verb, args, used), flags: new Flags(flags) };
}

/** Commander's name of an option: camel case, and `headers` for `no-headers`. */
function attributeOf({ name }: FlagSpec): string {
  return name.replace(/^no-/, '').replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function flagNames(verb: VerbSpec): string[] {
  return (verb.flags ?? []).map(({ name }) => `--${name}`);
}

function firstWord({ name }: VerbSpec): string {
  return name.split(' ')[0] ?? name;
}

function lastWord({ name }: VerbSpec): string {
  return name.split(' ').at(-1) ?? name;
}
