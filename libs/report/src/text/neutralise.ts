// Cc, Cf, Cs, Zl, Zp: control and format characters (ANSI, bidi overrides, zero width), lone surrogates, line separators.
const ACTIVE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;
const STACKED_MARKS = /(\p{M}{2})\p{M}+/gu;

/**
 * Makes text from outside harmless on one line of a terminal or a log: every character that could move the cursor, colour, hide, break the line or
 * reorder what stands beside it is shown as its escape (`\x1b`, `\u202e`); piles of combining marks are cut to two and an ellipsis.
 * Letters of every script stay.
 */
export function neutralise(text: string): string {
  return text.replace(ACTIVE, escaped).replace(STACKED_MARKS, '$1…');
}

function escaped(character: string): string {
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`;
}

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
