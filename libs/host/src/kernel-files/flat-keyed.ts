/**
 * Takes chosen numbers from a text of `key value` lines (memory.stat, cpu.stat, /proc/vmstat), or `key: value kB` (/proc/meminfo). Keys that are not there are
 * absent in the result. The text is searched, not split: a memory.stat has 40 lines and we want three.
 * @param names the key in the text -> the name in the result
 */
export function pickNumbers<N extends string>(
  text: string,
  names: Readonly<Record<string, N>>,
): Partial<Record<N, number>> {
  const picked: Partial<Record<N, number>> = {};
  for (const key in names) {
    const name = names[key];
    const value = numberBehind(text, key);
    if (name !== undefined && value !== undefined) picked[name] = value;
  }
  return picked;
}

/** The number behind a key that starts a line, undefined when there is none. */
export function numberBehind(text: string, key: string): number | undefined {
  let at = text.startsWith(key) ? 0 : text.indexOf(`\n${key}`) + 1;
  // A longer key with the same beginning is another one: look on.
  while (at > 0 || text.startsWith(key)) {
    const value = digitsAfter(text, at + key.length);
    if (value !== undefined) return value;
    const next = text.indexOf(`\n${key}`, at + key.length);
    if (next < 0) return undefined;
    at = next + 1;
  }
  return undefined;
}

/** Reads a whole text that is one number, such as `memory.current`; undefined for anything else, such as `max`. */
export function singleNumber(text: string): number | undefined {
  const trimmed = text.trim();
  return /^\d+$/.test(trimmed) ? Number(trimmed) : undefined;
}

/** Reads words that are all whole numbers; undefined when one is not: half a row of counters is no row. */
export function wholeNumbers(words: readonly string[]): number[] | undefined {
  return words.every((word) => /^\d+$/.test(word)) ? words.map(Number) : undefined;
}

/** Skips the separator (spaces, a colon) and reads digits; undefined when the key goes on instead. */
function digitsAfter(text: string, start: number): number | undefined {
  let at = start;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 58 && code !== 9) break;
  }
  if (at === start) return undefined;
  let value = 0;
  const first = at;
  for (; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) break;
    value = value * 10 + digit;
  }
  return at === first ? undefined : value;
}
