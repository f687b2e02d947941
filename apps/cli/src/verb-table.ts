import { BUS_VERBS } from './verb-table/bus.ts';
import { LOOK_VERBS } from './verb-table/look.ts';
import { PLANE_VERBS } from './verb-table/plane.ts';
import { SHELL_VERBS } from './verb-table/shell.ts';
import type { VerbSpec } from './verb-table/spec.ts';

/** A heading of the overview and the verbs under it. */
export interface VerbGroup {
  readonly title: string;
  readonly verbs: readonly VerbSpec[];
}

/** All verbs, grouped as the overview lists them. */
export const VERB_GROUPS: readonly VerbGroup[] = [
  { title: 'Plane', verbs: PLANE_VERBS },
  { title: 'Estate and findings', verbs: LOOK_VERBS },
  { title: 'Bus', verbs: BUS_VERBS },
  { title: 'Shell', verbs: SHELL_VERBS },
];

/** All verbs; the one source of parser, help, completion and the reference page. */
export const VERBS: readonly VerbSpec[] = VERB_GROUPS.flatMap(({ verbs }) => verbs);

/** What `seatrial` alone does: the state of this plane and what to do next, not a page of help. */
export const OVERVIEW: VerbSpec = {
  name: '',
  summary: 'what runs here and what to do next',
  examples: [],
  role: 'none',
  load: async () => (await import('./verbs/overview.ts')).overview,
};

/** The verb of this name, e.g. `get` or `dlq list`. */
export function verbNamed(name: string): VerbSpec | undefined {
  return VERBS.find((verb) => verb.name === name);
}
