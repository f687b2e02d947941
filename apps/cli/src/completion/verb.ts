import { script } from '@bomb.sh/tab';

import type { VerbRun } from '../verb-table/spec.ts';
import { bashScript, quoted } from './bash.ts';

const PROGRAM = 'seatrial';

/** `completion SHELL`: the script calls this very program, so it works before `seatrial` is on the PATH. */
export const completion: VerbRun = async ({ args: [shell = 'bash'] }, { out }) => {
  const command = [process.execPath, process.argv[1] ?? PROGRAM] as const;
  if (shell === 'bash') out(bashScript(PROGRAM, command));
  // The library writes to the console itself.
  else script(shell, PROGRAM, command.map(shell === 'powershell' ? quotedForPowerShell : quoted).join(' '));
  return 0;
};

function quotedForPowerShell(word: string): string {
  return `'${word.replaceAll("'", "''")}'`;
}
