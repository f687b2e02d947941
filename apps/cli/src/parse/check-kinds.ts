import type { FlagSpec, VerbSpec } from '../verb-table/spec.ts';
import { UsageFault } from './fault.ts';
import { KINDS, kindNames, kindOf } from './kinds.ts';
import { didYouMean } from './nearest.ts';

/** Replaces a kind by its plural name and refuses flags that filter other kinds. @throws UsageFault */
export function checkKinds(verb: VerbSpec, args: readonly string[], used: readonly FlagSpec[]): readonly string[] {
  if (verb.args?.[0]?.completes !== 'kind') return args;
  const [typed = '', ...rest] = args;
  const kind = kindOf(typed);
  if (kind === undefined) {
    const known = `The kinds are: ${KINDS.map(({ name, short }) => `${name} (${short})`).join(', ')}.`;
    throw new UsageFault(
      `there is no kind "${typed}"`,
      [didYouMean(typed, kindNames()), known].filter(Boolean).join(' '),
    );
  }
  const foreign = used.find((flag) => flag.kinds !== undefined && !flag.kinds.includes(kind));
  if (foreign !== undefined)
    throw new UsageFault(`--${foreign.name} is for ${foreign.kinds?.join(' and ')}, not for ${kind}`);
  return [kind, ...rest];
}
