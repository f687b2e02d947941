import { KINDS } from '../parse/kinds.ts';
import { colourFlag, connectionFlags, failOnFlag, outputFlag, progressFlag } from './flags.ts';
import type { ArgumentSpec, VerbSpec } from './spec.ts';

const kindArgument: ArgumentSpec = {
  name: 'KIND',
  doc: KINDS.map(({ name, short }) => `${name} (${short})`).join(', '),
  required: true,
  completes: 'kind',
};

/** Verbs that look at the estate and its findings. */
export const LOOK_VERBS: readonly VerbSpec[] = [
  {
    name: 'status',
    summary: 'what runs, what is watched, what was found',
    examples: [
      { line: 'status', does: 'services, targets and findings of this plane' },
      { line: 'status -o json', does: 'the same for a script' },
    ],
    flags: [outputFlag('text', 'json', 'yaml'), ...connectionFlags('5s'), colourFlag],
    role: 'viewer',
    subjects: ['estate.ping', 'isolation.ping', 'estate.targets-list', 'isolation.finding-list'],
    load: async () => (await import('../verbs/status.ts')).status,
  },
  {
    name: 'get',
    summary: 'list hosts, containers, findings or targets',
    doc: 'Lists the objects of one kind, or one of them by name or unambiguous start of its name or id.',
    args: [kindArgument, { name: 'NAME', doc: 'only this object', completes: 'object' }],
    examples: [
      { line: 'get findings', does: 'open findings, worst first' },
      { line: 'get containers --sort-by memory --reverse', does: 'the largest first' },
      { line: 'get fi --severity high -o json', does: 'high and critical ones for a script' },
      { line: 'get containers -w', does: 'goes on showing what changes' },
    ],
    flags: [
      outputFlag('table', 'wide', 'json', 'yaml', 'ndjson', 'name'),
      { name: 'columns', value: 'LIST', doc: 'columns to show, by name', type: 'list' },
      { name: 'sort-by', value: 'COLUMN', doc: 'sort by this column' },
      { name: 'reverse', doc: 'turn the order round' },
      { name: 'no-headers', doc: 'leave the heading out' },
      { name: 'watch', short: 'w', doc: 'go on showing what changes until Ctrl-C' },
      {
        name: 'severity',
        value: 'LEVEL',
        doc: 'findings this severe or worse',
        choices: ['critical', 'high', 'medium', 'low', 'info'],
        kinds: ['findings'],
      },
      { name: 'status', value: 'LIST', doc: 'findings: fail, unknown, waived; others: state words', type: 'list' },
      { name: 'check', value: 'GLOB', doc: 'findings of these checks, e.g. dkr.mount.*', kinds: ['findings'] },
      { name: 'target', value: 'NAME', doc: 'findings of this container', kinds: ['findings'] },
      { name: 'resolved', doc: 'findings that were resolved, instead of the open ones', kinds: ['findings'] },
      {
        name: 'label',
        value: 'KEY=VALUE',
        doc: 'objects with this label; KEY alone: any value',
        kinds: ['hosts', 'containers'],
      },
      ...connectionFlags('10s'),
      colourFlag,
    ],
    role: 'viewer',
    subjects: [
      'estate.resources-list',
      'estate.resource-get',
      'estate.metrics-latest',
      'estate.targets-list',
      'isolation.finding-list',
      'isolation.finding-get',
      'estate.resource-changed',
      'estate.target-changed',
      'isolation.finding',
    ],
    load: async () => (await import('../verbs/get.ts')).get,
  },
  {
    name: 'describe',
    summary: 'everything known about one object',
    args: [
      kindArgument,
      { name: 'NAME', doc: 'name, id, or unambiguous start of it', required: true, completes: 'object' },
    ],
    examples: [
      { line: 'describe container shop-web', does: 'facts, live values and findings' },
      { line: 'describe finding 3f9a21', does: 'evidence, fix and history' },
    ],
    flags: [outputFlag('text', 'json', 'yaml'), ...connectionFlags('10s'), colourFlag],
    role: 'viewer',
    subjects: [
      'estate.resource-get',
      'estate.metrics-latest',
      'estate.targets-list',
      'isolation.finding-list',
      'isolation.finding-get',
    ],
    load: async () => (await import('../verbs/describe.ts')).describe,
  },
  {
    name: 'explain',
    summary: 'why a check decides as it does, and how to fix it',
    doc: 'Alone it lists all checks. Without TARGET: the reason of the check, its fix, and how to test the fix; needs no bus. With TARGET: the evidence is read again and the verdict explained, a pass too.',
    args: [
      { name: 'CHECK', doc: 'id of a check', completes: 'check' },
      { name: 'TARGET', doc: 'a container', completes: 'object' },
    ],
    examples: [
      { line: 'explain dkr.ns.pid.host', does: 'why it matters, what passes, the fix' },
      { line: 'explain dkr.ns.pid.host shop-worker', does: 'the evidence in this container' },
    ],
    flags: [outputFlag('text', 'json', 'yaml'), ...connectionFlags('10s'), colourFlag],
    role: 'viewer',
    subjects: ['isolation.explain'],
    load: async () => (await import('../verbs/explain.ts')).explain,
  },
  {
    name: 'scan',
    summary: 'audit every container now and print the findings',
    doc: 'Sends an audit over the bus, waits for its end and prints every finding. With --inspect it reads a file instead and needs neither bus nor engine.',
    examples: [
      { line: 'scan', does: 'one line for each verdict, worst first' },
      { line: 'scan --fail-on high', does: 'exit with 3 when there is a high or critical finding' },
      { line: 'scan -o sarif > scan.sarif', does: 'for a code-scanning viewer' },
      { line: 'scan --inspect saved.json -o json', does: 'from a saved `docker inspect` array' },
    ],
    flags: [
      outputFlag('table', 'wide', 'json', 'ndjson', 'sarif', 'junit', 'md'),
      failOnFlag,
      { name: 'fail-on-unknown', doc: 'exit with 3 also when a verdict is unknown' },
      {
        name: 'inspect',
        value: 'FILE',
        doc: 'read this file (- for standard input) instead of the bus',
        completes: 'file',
      },
      ...connectionFlags('2m'),
      progressFlag,
      colourFlag,
    ],
    role: 'operator',
    subjects: [
      'isolation.audit-start',
      'isolation.command-settled',
      'isolation.audit-completed',
      'isolation.finding-list',
      'isolation.check-list',
    ],
    load: async () => (await import('../verbs/scan.ts')).scan,
  },
];
