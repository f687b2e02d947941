import { join } from 'node:path';
import type { Layout } from '../layout.ts';
import { Flags } from '../parse/flags.ts';

/**
 * What the connection code reads from a command line, for commands that have no such flags of their own: the bus of this plane as its administrator,
 * whatever the environment names. @param timeoutMs for one question
 */
export function busFlags(url: string, layout: Layout, timeoutMs: number): Flags {
  return new Flags([
    ['bus', url],
    ['creds', join(layout.keys, 'admin')],
    ['timeout', timeoutMs],
  ]);
}
