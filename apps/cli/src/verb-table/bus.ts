import { colourFlag, connectionFlags, outputFlag } from './flags.ts';
import type { ArgumentSpec, VerbSpec } from './spec.ts';

const what = (doc: string): ArgumentSpec => ({ name: 'WHAT', doc, required: true, completes: 'contract' });
const sequence: ArgumentSpec = {
  name: 'SEQUENCE',
  doc: 'number of the dead letter, as `dlq list` shows it',
  required: true,
};

/** Verbs that speak to the bus itself. */
export const BUS_VERBS: readonly VerbSpec[] = [
  {
    name: 'events',
    summary: 'what happened on the estate, in order',
    examples: [
      { line: 'events --since 10m', does: 'events of the last ten minutes' },
      { line: 'events --kind finding -w', does: 'changes of findings as they happen' },
      { line: 'events --since 1h -o ndjson', does: 'one JSON object a line' },
    ],
    flags: [
      outputFlag('text', 'ndjson'),
      { name: 'since', value: 'TIME', doc: 'how far back', type: 'duration', default: '1h' },
      {
        name: 'kind',
        value: 'LIST',
        doc: 'only these: finding, resource-changed, isolation, ...',
        type: 'list',
        completes: 'contract',
      },
      { name: 'watch', short: 'w', doc: 'go on with what comes until Ctrl-C' },
      ...connectionFlags('10s'),
      colourFlag,
    ],
    role: 'viewer',
    load: async () => (await import('../verbs/events.ts')).events,
  },
  {
    name: 'sub',
    summary: 'print the messages of a subject as they come',
    args: [what('subject (wildcards allowed) or type, e.g. isolation.finding')],
    examples: [
      { line: 'sub isolation.finding', does: 'every change of a finding' },
      { line: "sub 'seatrial.met.v1.estate.frame.>' --count 1", does: 'one frame of live values' },
    ],
    flags: [
      outputFlag('text', 'ndjson'),
      { name: 'count', short: 'n', value: 'N', doc: 'stop after so many', type: 'integer' },
      ...connectionFlags('10s'),
      colourFlag,
    ],
    role: 'viewer',
    load: async () => (await import('../verbs/sub.ts')).sub,
  },
  {
    name: 'pub',
    summary: 'send one message, checked against its contract first',
    doc: 'Nothing is sent when the payload does not fit its contract. A command is followed until it is settled.',
    args: [what('subject or type'), { name: 'JSON', doc: 'payload; - reads standard input', required: true }],
    examples: [
      { line: `pub isolation.audit-start '{"auditId":"a1","scope":{},"mode":"effective"}'`, does: 'start an audit' },
    ],
    flags: [outputFlag('text', 'json'), ...connectionFlags('30s'), colourFlag],
    role: 'operator',
    load: async () => (await import('../verbs/pub.ts')).pub,
  },
  {
    name: 'req',
    summary: 'ask one question and print the answer',
    args: [
      what('subject or type of a query'),
      { name: 'JSON', doc: 'payload; - reads standard input; {} when absent' },
    ],
    examples: [
      { line: 'req estate.targets-list', does: 'the answer as JSON' },
      { line: `req estate.resources-list '{"kinds":["container"]}'`, does: 'the inventory of containers' },
    ],
    flags: [outputFlag('json', 'yaml'), ...connectionFlags('10s'), colourFlag],
    role: 'viewer',
    load: async () => (await import('../verbs/req.ts')).req,
  },
  {
    name: 'dlq list',
    summary: 'messages that could not be handled',
    examples: [{ line: 'dlq list', does: 'newest first, with the error of each' }],
    flags: [outputFlag('table', 'wide', 'json', 'ndjson'), ...connectionFlags('10s'), colourFlag],
    role: 'admin',
    load: async () => (await import('../verbs/dlq.ts')).dlqList,
  },
  {
    name: 'dlq show',
    summary: 'one of them with headers and payload',
    args: [sequence],
    examples: [{ line: 'dlq show 17', does: 'what was sent and why it failed' }],
    flags: [outputFlag('text', 'json', 'yaml'), ...connectionFlags('10s'), colourFlag],
    role: 'admin',
    load: async () => (await import('../verbs/dlq.ts')).dlqShow,
  },
  {
    name: 'dlq replay',
    summary: 'give one of them to its handler again',
    args: [sequence],
    examples: [{ line: 'dlq replay 17', does: 'after the cause is mended' }],
    flags: [outputFlag('text', 'json'), ...connectionFlags('30s'), colourFlag],
    role: 'admin',
    subjects: ['estate.dead-letter-replay', 'isolation.dead-letter-replay'],
    load: async () => (await import('../verbs/dlq-replay.ts')).dlqReplay,
  },
];
