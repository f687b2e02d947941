import type { FlagSpec } from '../verb-table/spec.ts';
import { parseDuration } from './duration.ts';
import { UsageFault } from './fault.ts';
import type { FlagValue } from './flags.ts';

/** Value of a flag from what was typed, or its default, or nothing. @throws UsageFault naming the flag and what it takes. */
export function readFlag(flag: FlagSpec, typed: unknown): FlagValue | undefined {
  // A switch: commander gives true, or false for `--no-...`; both mean that it was given.
  if (flag.value === undefined) return typed === undefined ? undefined : true;
  const text = typeof typed === 'string' ? typed : flag.default;
  if (text === undefined) return undefined;
  switch (flag.type ?? 'text') {
    case 'text':
      return text;
    case 'list':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '');
    case 'integer':
      if (!/^[1-9]\d{0,8}$/.test(text))
        throw new UsageFault(`--${flag.name} takes a whole number of 1 or more, not "${text}"`);
      return Number(text);
    case 'duration': {
      const ms = parseDuration(text);
      if (ms === undefined)
        throw new UsageFault(`--${flag.name} takes a time such as 500ms, 10s, 5m, 2h or 7d, not "${text}"`);
      return ms;
    }
  }
}
