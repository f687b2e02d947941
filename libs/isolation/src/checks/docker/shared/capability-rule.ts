import { capabilityNames, type CapabilitySet } from '../../../facts/capabilities.ts';
import { conclude } from '../../belief.ts';
import type { CheckInput } from '../../define.ts';
import type { Fault, Outcome } from '../../outcome.ts';

/** Verdict of a check that forbids some capabilities in the bounding set. */
export function judgeCapabilities(
  { traits }: CheckInput,
  forbidden: CapabilitySet,
  says: string,
  fine: string,
  severity?: (held: CapabilitySet) => Fault['severity'],
): Outcome {
  return conclude(
    traits.capabilities,
    (set) => {
      const held = set & forbidden;
      if (held === 0n) return undefined;
      const names = capabilityNames(held);
      const rank = severity?.(held);
      return { message: `${says} ${names.join(', ')}.`, normal: names, ...(rank ? { severity: rank } : {}) };
    },
    fine,
  );
}
