import type { Paint, Tone } from '@seatrial/report';
import colours from 'picocolors';

/** When colour is wanted, as `--color` says it. */
export type ColourChoice = 'auto' | 'always' | 'never';

/** Whether to colour a stream: the flag, then NO_COLOR, then FORCE_COLOR (0 and false mean no), then whether a person looks at a capable terminal. */
export function wantsColour(
  choice: ColourChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (choice !== 'auto') return choice === 'always';
  if ((env.NO_COLOR ?? '') !== '') return false;
  if (env.FORCE_COLOR !== undefined) return !['0', 'false'].includes(env.FORCE_COLOR);
  return isTerminal && env.TERM !== 'dumb';
}

/** A painter for the terminal; leaves text as it is when colour is not wanted. */
export function painter(coloured: boolean): Paint {
  const c = colours.createColors(coloured);
  const tones: Readonly<Record<Tone, (text: string) => string>> = {
    critical: (text) => c.bold(c.red(text)),
    high: c.red,
    medium: c.yellow,
    low: c.cyan,
    good: c.green,
    warn: c.yellow,
    bad: c.red,
    dim: c.dim,
    strong: c.bold,
    plain: String,
  };
  return (text, tone) => tones[tone](text);
}
