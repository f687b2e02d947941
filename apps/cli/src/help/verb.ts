import { UsageFault } from '../parse/fault.ts';
import { didYouMean } from '../parse/nearest.ts';
import { VERB_GROUPS, verbNamed, VERBS } from '../verb-table.ts';
import type { VerbRun } from '../verb-table/spec.ts';
import { renderGroupHelp, renderOverview, renderVerbHelp } from './render.ts';

const EXIT_CODES = 'exit-codes';

/** `help [TOPIC]`: the overview, one verb, or the exit codes. */
export const help: VerbRun = async ({ args }, { out }) => {
  out(await helpText(args.join(' ')));
  return 0;
};

async function helpText(topic: string): Promise<string> {
  if (topic === '') return renderOverview(VERB_GROUPS);
  if (topic === EXIT_CODES) return (await import('./exit-codes.ts')).exitCodesText();
  const verb = verbNamed(topic);
  if (verb !== undefined) return renderVerbHelp(verb);
  const group = VERBS.filter(({ name }) => name.startsWith(`${topic} `));
  if (group.length > 0) return renderGroupHelp(topic, group);
  throw new UsageFault(
    `there is no help on "${topic}"`,
    didYouMean(topic, [...VERBS.map(({ name }) => name), EXIT_CODES]) ?? '`seatrial help` lists the verbs.',
  );
}
