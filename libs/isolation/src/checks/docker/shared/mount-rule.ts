import type { Severity } from '@seatrial/contracts';

import type { DeclaredMount } from '../../../facts/mounts.ts';
import { conclude } from '../../belief.ts';
import type { CheckInput } from '../../define.ts';
import type { Cite, Outcome } from '../../outcome.ts';
import { describeMount, normalMount } from './paths.ts';

/** Verdict of a check that looks for binds of a certain kind. */
export function judgeBinds(
  { traits }: CheckInput,
  rule: {
    matches: (mount: DeclaredMount) => boolean;
    says: string;
    fine: string;
    severity?: (mounts: readonly DeclaredMount[]) => Severity;
  },
): Outcome {
  const { binds } = traits;
  return conclude(
    // The matching mounts are cited one by one; the whole list would only bury them.
    'value' in binds ? { ...binds, cites: [] } : binds,
    (mounts) => {
      const matching = mounts.filter(rule.matches);
      if (matching.length === 0) return undefined;
      return {
        message: `${rule.says}: ${matching.map(describeMount).join(', ')}`,
        normal: matching.map(normalMount),
        mounts: matching.map((mount) => mount.destination),
        cites: matching.map(citeMount),
        ...(rule.severity ? { severity: rule.severity(matching) } : {}),
      };
    },
    rule.fine,
  );
}

export function citeMount(mount: DeclaredMount): Cite {
  return { side: 'declared', ref: mount.ref, value: describeMount(mount), excerpt: describeMount(mount) };
}
