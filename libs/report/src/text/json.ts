// JSON.stringify escapes C0 only; the rest of what `neutralise` shows as escapes is escaped here too, so that a terminal stays safe and a parser gets the exact text.
const ACTIVE = /[\u007f\p{Cf}\p{Zl}\p{Zp}\u0080-\u009f]/gu;

/** JSON text whose strings cannot act on a terminal; parsing it gives exactly `value`. `indent` 0 writes one line. */
export function toJsonText(value: unknown, indent = 2): string {
  return JSON.stringify(value, undefined, indent).replace(ACTIVE, unicodeEscape);
}

/** One JSON text a line, each line ended. */
export function toNdjsonText(values: readonly unknown[]): string {
  return values.map((value) => `${toJsonText(value, 0)}\n`).join('');
}

function unicodeEscape(character: string): string {
  let escape = '';
  for (let at = 0; at < character.length; at += 1)
    escape += `\\u${character.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return escape;
}
