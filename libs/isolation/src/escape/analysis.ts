import type { CheckInput } from '../checks/define.ts';
import { ESCAPE_RULES, type EscapeRule } from './rules.ts';

/** How far a container is from its host. */
export interface EscapeAnalysis {
  /** Ways that are open. */
  readonly open: readonly EscapeRule[];
  /** Ways that may be open: the evidence is missing. */
  readonly doubtful: readonly EscapeRule[];
  /**
   * K(container -> host): least number of distinct unknown vulnerability classes that an attacker must exploit (k-zero-day safety, Wang et al., ESORICS 2010). 0 = a way is open; 1 = the kernel
   * or runc; 2 = two layers (gVisor and kernel, Kata's guest kernel and VMM); null = it cannot be known.
   */
  readonly k: number | null;
  /** Checks whose remedies together close all open ways, as few as possible. */
  readonly cut: readonly string[];
}

export function analyseEscape(input: CheckInput): EscapeAnalysis {
  const open: EscapeRule[] = [];
  const doubtful: EscapeRule[] = [];
  for (const rule of ESCAPE_RULES) {
    if (rule.impliedByPrivileged && input.traits.privileged === true) continue;
    const verdict = rule.holds(input);
    if (verdict === true) open.push(rule);
    else if (verdict === undefined) doubtful.push(rule);
  }
  return { open, doubtful, k: distance(input, open, doubtful), cut: cheapestCut(open) };
}

function distance({ traits }: CheckInput, open: readonly EscapeRule[], doubtful: readonly EscapeRule[]): number | null {
  if (open.length > 0) return 0;
  if (doubtful.length > 0) return null;
  return traits.sandbox === 'none' ? 1 : 2;
}

/**
 * Every open way must be closed. Each has one remedy of its own; running as another user closes all those that need root at once. So the smallest cut is one of two.
 */
function cheapestCut(open: readonly EscapeRule[]): readonly string[] {
  const own = distinct(open.map((rule) => rule.cut));
  const withUser = distinct(open.map((rule) => (rule.needsRoot ? 'dkr.user.root' : rule.cut)));
  return withUser.length < own.length ? withUser : own;
}

function distinct(ids: readonly string[]): readonly string[] {
  return [...new Set(ids)];
}
