import type { VerbSpec } from './spec.ts';

/** Verbs that start, stop and prove a plane on this machine. */
export const PLANE_VERBS: readonly VerbSpec[] = [
  {
    name: 'tools',
    summary: 'fetch or build the tools that Seatrial uses',
    args: [{ name: 'NAMES', doc: 'which; all when none is named', variadic: true, completes: 'tool' }],
    examples: [
      { line: 'tools', does: 'all of them, with version and place' },
      { line: 'tools nats-server', does: 'this one' },
    ],
    role: 'none',
    load: async () => {
      const { run } = await import('../tools/run.ts');
      return ({ args }, session) => run({ names: args, signal: session.signal }, session);
    },
  },
  {
    name: 'test',
    summary: 'prove all of it, or some groups: static unit contract e2e faults',
    doc: 'Brings what the tests need, runs them, lists what was skipped and why. The last line is `N passed, N failed`.',
    args: [{ name: 'GROUPS', doc: 'which; all when none is named', variadic: true, completes: 'group' }],
    examples: [
      { line: 'test', does: 'everything' },
      { line: 'test unit contract', does: 'these groups' },
    ],
    role: 'none',
    load: async () => {
      const { run } = await import('../test/run.ts');
      return ({ args }, session) => run({ groups: args, signal: session.signal }, session);
    },
  },
];
