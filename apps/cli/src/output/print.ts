import { toJsonText, type Paint } from '@seatrial/report';

import type { Flags } from '../parse/flags.ts';
import type { Session } from '../session.ts';
import { painter, wantsColour, type ColourChoice } from './colour.ts';
import { toYamlText } from './yaml.ts';

/** The painter for stdout that `--color` and the environment ask for. */
export function paintFor(flags: Flags, session: Session): Paint {
  const choice = (flags.text('color') ?? 'auto') as ColourChoice;
  return painter(wantsColour(choice, session.env, session.outIsTerminal));
}

/** Prints data as JSON or YAML when `-o` says so; false when it says something else. */
export async function printData(value: unknown, flags: Flags, { out }: Session): Promise<boolean> {
  switch (flags.text('output') ?? '') {
    case 'json':
      out(`${toJsonText(value)}\n`);
      return true;
    case 'yaml':
      out(await toYamlText(value));
      return true;
    default:
      return false;
  }
}

/** Prints lines, each ended. */
export function printLines(lines: readonly string[], { out }: Session): void {
  if (lines.length > 0) out(`${lines.join('\n')}\n`);
}
