import type { FlagSpec } from './spec.ts';

const CONNECTION = 'Connection';
const TERMINAL = 'Terminal';

/** How the bus is reached: for every verb that uses it. `timeout` is the deadline of one whole question. */
export function connectionFlags(timeout: string): readonly FlagSpec[] {
  return [
    {
      name: 'bus',
      value: 'URL',
      doc: 'address of the bus, or SEATRIAL_BUS; else the plane of this checkout',
      group: CONNECTION,
    },
    {
      name: 'creds',
      value: 'FILE',
      doc: 'key file of viewer, operator or admin, or SEATRIAL_CREDS; else the admin key that `up` made',
      group: CONNECTION,
    },
    {
      name: 'timeout',
      value: 'TIME',
      doc: 'give up after this time',
      type: 'duration',
      default: timeout,
      group: CONNECTION,
    },
  ];
}

/** Colour: for every verb that prints for people. */
export const colourFlag: FlagSpec = {
  name: 'color',
  value: 'WHEN',
  doc: 'colour; NO_COLOR and FORCE_COLOR count when it is auto',
  choices: ['auto', 'always', 'never'],
  default: 'auto',
  group: TERMINAL,
};

/** Progress: for every verb that takes longer than a moment. Always on stderr. */
export const progressFlag: FlagSpec = {
  name: 'progress',
  value: 'HOW',
  doc: 'progress on stderr',
  choices: ['auto', 'plain', 'json', 'none'],
  default: 'auto',
  group: TERMINAL,
};

/** `-o` with the formats of this verb; the first is the default. */
export function outputFlag(...formats: readonly [string, ...string[]]): FlagSpec {
  return { name: 'output', short: 'o', value: 'FORMAT', doc: 'output format', choices: formats, default: formats[0] };
}

/** Level of a gate. */
export const failOnFlag: FlagSpec = {
  name: 'fail-on',
  value: 'LEVEL',
  doc: 'exit with 3 when a finding is this severe or worse',
  choices: ['critical', 'high', 'medium', 'low', 'info'],
};
