import { Flags } from '../parse/flags.ts';

/** What the connection code reads from a command line, for commands that have no such flags of their own. @param timeoutMs for one question */
export function busFlags(url: string, timeoutMs: number): Flags {
  return new Flags([
    ['bus', url],
    ['timeout', timeoutMs],
  ]);
}
