import type { CommanderError } from 'commander';

import { UsageFault } from './fault.ts';
import { didYouMean } from './nearest.ts';

/** Where a fault occurred: the verb (empty for the program itself) and the verbs or flags that may stand there. */
export interface FaultPlace {
  readonly command: string;
  readonly names: readonly string[];
}

/** Says what is wrong with a command line, and what was probably meant. */
export function describeFault(error: CommanderError, { command, names }: FaultPlace): UsageFault {
  const help = `\`seatrial ${command === '' ? '' : `${command} `}--help\` lists what it takes.`;
  const [, typed = ''] = /'([^']*)'/.exec(error.message) ?? [];
  const near = (of: string): string => didYouMean(of, names) ?? help;
  switch (error.code) {
    case 'commander.unknownCommand':
      return new UsageFault(`there is no verb "${command === '' ? typed : `${command} ${typed}`}"`, near(typed));
    case 'commander.unknownOption':
      return new UsageFault(`${command === '' ? 'seatrial' : command} has no flag ${typed}`, near(typed));
    case 'commander.help':
      return new UsageFault(`${command} needs one of: ${names.join(', ')}`, help);
    case 'commander.missingArgument':
      return new UsageFault(`${command} needs ${typed}`, help);
    case 'commander.invalidArgument': {
      const [, value = '', choices = ''] =
        /(?:argument|value) '([^']*)' is invalid.*Allowed choices are (.*)\.$/.exec(error.message) ?? [];
      return new UsageFault(
        error.message.replace(/^error: (command-)?/, ''),
        didYouMean(value, choices.split(', ')) ?? help,
      );
    }
    default:
      return new UsageFault(error.message.replace(/^error: /, ''), help);
  }
}
