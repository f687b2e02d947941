import type { Severity } from '@seatrial/contracts';

import { TOOLS } from '../tools/catalogue.ts';
import { colourFlag, failOnFlag, outputFlag } from './flags.ts';
import type { VerbSpec } from './spec.ts';

/** Names of the groups of `test`, which are not loaded for a completion; a spec compares them. */
export const TEST_GROUPS = ['static', 'unit', 'contract', 'e2e', 'faults'];

/** Verbs that start, stop and prove a plane on this machine. */
export const PLANE_VERBS: readonly VerbSpec[] = [
  {
    name: 'up',
    summary: 'start everything on this machine and take a first look',
    doc: 'Starts bus, collector and auditor, audits what runs here and shows the worst of it. A plane that runs already is joined. q or Ctrl-C ends it.',
    flags: [
      { name: 'detach', short: 'd', doc: 'leave it running and return after the first look' },
      { name: 'once', doc: 'end everything after the first look' },
      { name: 'yes', doc: 'install what is missing without asking (Debian, as root)' },
      { name: 'no-install', doc: 'neither ask for nor install a Docker engine' },
      { name: 'keep', doc: 'keep the data of the bus for the next run' },
      { name: 'demo', doc: 'start a small demo application with planted defects' },
      failOnFlag,
      outputFlag('text', 'json'),
      colourFlag,
    ],
    examples: [
      { line: 'up', does: 'starts and shows what it finds' },
      { line: 'up --yes --demo', does: 'brings a Docker engine and something to look at' },
      { line: 'up --once --fail-on high -o json', does: 'one look for a script; exits with 3 when it is bad' },
    ],
    role: 'none',
    load: async () => {
      const { run } = await import('../up/run.ts');
      return ({ flags }, session) =>
        run(
          {
            detach: flags.on('detach'),
            once: flags.on('once'),
            yes: flags.on('yes'),
            noInstall: flags.on('no-install'),
            keep: flags.on('keep'),
            demo: flags.on('demo'),
            failOn: flags.text('fail-on') as Severity | undefined,
            json: flags.text('output') === 'json',
          },
          flags,
          session,
        );
    },
  },
  {
    name: 'down',
    summary: 'end the plane of this checkout and remove its demo',
    flags: [{ name: 'purge', doc: 'also remove .seatrial: keys, archive, logs, tools' }],
    examples: [
      { line: 'down', does: 'ends its processes, removes its demo containers' },
      { line: 'down --purge', does: 'leaves nothing' },
    ],
    role: 'none',
    load: async () => {
      const { run } = await import('../down/run.ts');
      return ({ flags }, session) => run({ purge: flags.on('purge') }, session);
    },
  },
  {
    name: 'doctor',
    summary: 'look at what this machine has and lacks, with the line that mends it',
    flags: [outputFlag('text', 'json'), colourFlag],
    examples: [
      { line: 'doctor', does: 'one row a check' },
      { line: 'doctor -o json', does: 'the same for a script' },
    ],
    role: 'none',
    load: async () => {
      const [{ run }, { paintFor }] = await Promise.all([import('../doctor/run.ts'), import('../output/print.ts')]);
      return ({ flags }, session) =>
        run({ json: flags.text('output') === 'json', paint: paintFor(flags, session) }, session);
    },
  },
  {
    name: 'tools',
    summary: 'fetch or build the tools that Seatrial uses',
    args: [
      {
        name: 'NAMES',
        doc: 'which; all when none is named',
        variadic: true,
        offers: ['node', ...TOOLS.map(({ name }) => name)],
      },
    ],
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
    args: [{ name: 'GROUPS', doc: 'which; all when none is named', variadic: true, offers: TEST_GROUPS }],
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
