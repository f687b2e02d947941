import { describe, expect, test } from 'vitest';

import { parseDuration } from './duration.ts';
import { UsageFault } from './fault.ts';
import { nearest } from './nearest.ts';
import { parse } from './parse.ts';
import type { Invocation } from '../verb-table/spec.ts';

function invocation(line: string): Invocation {
  const parsed = parse(line.split(' '));
  if (!('invocation' in parsed)) throw new Error('printed');
  return parsed.invocation;
}

function fault(line: string): UsageFault {
  try {
    parse(line.split(' ').filter((word) => word !== ''));
  } catch (error) {
    if (error instanceof UsageFault) return error;
    throw error;
  }
  throw new Error(`accepted: ${line}`);
}

describe('a command line', () => {
  test('gives verb, arguments and typed flags with their defaults', () => {
    const { verb, args, flags } = invocation(
      'get containers shop --columns name,memory --no-headers -w -ojson --timeout 500ms',
    );
    expect([verb.name, args]).toEqual(['get', ['containers', 'shop']]);
    expect(flags.list('columns')).toEqual(['name', 'memory']);
    expect([flags.on('no-headers'), flags.on('watch'), flags.on('reverse')]).toEqual([true, true, false]);
    expect(flags.text('output')).toBe('json');
    expect(flags.number('timeout')).toBe(500);
    expect(flags.text('color')).toBe('auto');
    expect(invocation('get hosts').flags.on('no-headers')).toBe(false);
  });

  test('knows kinds by plural, singular and short name', () => {
    for (const kind of ['containers', 'container', 'co', 'CO'])
      expect(invocation(`get ${kind}`).args).toEqual(['containers']);
  });

  test('knows verbs in two words', () => {
    expect(invocation('dlq show 17')).toMatchObject({ verb: { name: 'dlq show' }, args: ['17'] });
  });

  test('takes words with dashes as payload where an argument stands', () => {
    expect(invocation('req estate.targets-list -').args).toEqual(['estate.targets-list', '-']);
  });

  test('alone is the overview', () => {
    expect(parse([])).toMatchObject({ invocation: { verb: { name: '' } } });
  });
});

describe('a wrong command line says what is wrong and what was meant', () => {
  test.each([
    ['statsu', 'there is no verb "statsu"', 'Did you mean `status`?'],
    ['dlq lst', 'there is no verb "dlq lst"', 'Did you mean `list`?'],
    ['xyzzy', 'there is no verb "xyzzy"', '`seatrial --help` lists what it takes.'],
    ['get hosst', 'there is no kind "hosst"', 'Did you mean `host`?'],
    ['get', 'get needs KIND', 'seatrial get --help'],
    ['get hosts a b', 'too many arguments', 'seatrial get --help'],
    ['get hosts --outptu json', 'get has no flag --outptu', 'Did you mean `--output`?'],
    ['get hosts -o jsn', "argument 'jsn' is invalid", 'Did you mean `json`?'],
    ['get hosts --severity high', '--severity is for findings, not for hosts', undefined],
    ['get hosts --timeout soon', '--timeout takes a time such as 500ms, 10s, 5m, 2h or 7d, not "soon"', undefined],
    ['sub x --count 0', '--count takes a whole number of 1 or more, not "0"', undefined],
    ['completion tcsh', "argument value 'tcsh' is invalid", 'seatrial completion --help'],
    ['dlq', 'dlq needs one of: list, show, replay', 'seatrial dlq --help'],
    ['scan --fail-on', 'argument missing', 'seatrial scan --help'],
    ['--verison', 'seatrial has no flag --verison', undefined],
  ])('%s', (line, message, hint) => {
    const error = fault(line);
    expect(error.message).toContain(message);
    expect(error.hint ?? '').toContain(hint ?? '');
  });
});

describe('help and version are printed, not carried out', () => {
  test.each([['--help'], ['get --help'], ['dlq --help'], ['dlq show -h'], ['--version']])('%s', (line) => {
    expect(parse(line.split(' '))).toHaveProperty('print');
  });
});

test.each([
  ['500ms', 500],
  ['1.5s', 1500],
  ['2h', 7_200_000],
  ['0s', undefined],
  ['10', undefined],
  ['-1s', undefined],
  ['90d', undefined],
])('%s is %s ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test('only near names are offered, nearest first', () => {
  expect(nearest('fidings', ['hosts', 'findings', 'finding'])).toEqual(['findings', 'finding']);
  expect(nearest('dkr.ns.pid', ['dkr.ns.pid.host', 'dkr.ns.net.host'])).toEqual(['dkr.ns.pid.host']);
  expect(nearest('zzz', ['hosts'])).toEqual([]);
});
