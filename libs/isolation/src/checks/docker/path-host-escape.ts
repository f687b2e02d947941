import type { EscapeAnalysis } from '../../escape/analysis.ts';
import { defineCheck, type CheckInput } from '../define.ts';
import { fail, pass, unknown } from '../outcome.ts';

/** The sum of the others: can whoever takes this container over be root on the host without any unknown vulnerability? */
export const pathHostEscape = defineCheck({
  id: 'dkr.path.host_escape',
  title: 'Open way from the container to the host',
  severity: 'critical',
  platform: 'docker',
  why: 'Its configuration alone lets an attacker in it take over the host, and with it every other container there. No exploit is needed.',
  passesWhen: 'K(container to host) is 1 or more: at least one unknown vulnerability stands between them.',
  remedy: 'Carry out the cheapest cut that the finding names.',
  howToTest: 'Follow the steps of the path that the finding shows, on a machine that you may break.',
  maps: ['ATT&CK T1611'],
  evaluate(input) {
    const analysis = input.escape;
    const observed = input.document.hasProcess && input.document.observed ? 'effective' : 'declared';
    const [first] = analysis.open;
    if (first) {
      const path = [describeStart(input), first.step, `root on ${input.document.host}`];
      return fail(
        { message: `K = 0: ${describe(analysis)}`, normal: analysis.open.map((rule) => rule.id), path },
        observed,
        [],
        analysis.doubtful.length > 0,
      );
    }
    if (analysis.k === null)
      return unknown(
        `it cannot be known whether a way is open: ${analysis.doubtful.map((rule) => rule.id).join(', ')}`,
        observed,
      );
    return pass(`K = ${analysis.k}: no way to the host is open without an unknown vulnerability.`, observed);
  },
});

function describe({ open, cut }: EscapeAnalysis): string {
  return `an attacker in it ${open.map((rule) => rule.step).join('; or ')}. Cheapest cut: ${cut.join(' and ')}.`;
}

function describeStart({ document, traits }: CheckInput): string {
  const root = 'value' in traits.root && traits.root.value;
  return `process in ${document.name}${root ? ' as root' : ''}`;
}
