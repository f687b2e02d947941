import { CONTRACTS, ERROR_CODES } from '@seatrial/contracts';
import { describe, expect, test } from 'vitest';

import { parse } from '../parse/parse.ts';
import { VERB_GROUPS, VERBS } from '../verb-table.ts';
import { exitCodesText } from './exit-codes.ts';
import { renderOverview, renderVerbHelp } from './render.ts';

test('the overview reads like this', () => {
  expect(renderOverview(VERB_GROUPS)).toMatchSnapshot();
});

test('the exit codes read like this, each with its error codes below', () => {
  const lines = exitCodesText().split('\n');
  expect(lines.filter((line) => !line.startsWith('       '))).toMatchSnapshot();
  expect(lines.every((line) => line.length <= 80)).toBe(true);
  for (const code of Object.keys(ERROR_CODES).filter((code) => code.startsWith('E-')))
    expect(exitCodesText()).toContain(code);
});

describe.each(VERBS.map((verb) => [verb.name, verb] as const))('%s', (_name, verb) => {
  const help = renderVerbHelp(verb);

  test('has help that fits 80 columns', () => {
    expect(help).toMatchSnapshot();
    for (const line of help.split('\n').filter((line) => !line.startsWith('  seatrial')))
      expect(line.length).toBeLessThanOrEqual(80);
  });

  test('has examples that its own parser takes', () => {
    expect(verb.examples.length).toBeGreaterThan(0);
    for (const { line } of verb.examples) {
      expect(parse(shellWords(line))).toMatchObject({ invocation: { verb: { name: verb.name } } });
    }
  });

  test('names messages that exist, and the role is enough for what it sends', () => {
    const known = new Map(CONTRACTS.map((contract) => [contract.type, contract]));
    const rank = ['viewer', 'operator', 'admin'];
    for (const type of verb.subjects ?? []) {
      const contract = known.get(type);
      expect(contract).toBeDefined();
      const role = contract !== undefined && 'role' in contract ? String(contract.role) : 'viewer';
      expect(rank.indexOf(verb.role)).toBeGreaterThanOrEqual(rank.indexOf(role));
    }
  });

  test('has flags whose names and letters are its own', () => {
    const names = (verb.flags ?? []).flatMap(({ name, short }) => (short === undefined ? [name] : [name, short]));
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Words of an example: quotes as a shell takes them, up to the first redirection or pipe. */
function shellWords(line: string): string[] {
  const words = Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, literal, word]) => literal ?? word ?? '');
  const end = words.findIndex((word) => word === '>' || word === '|');
  return end === -1 ? words : words.slice(0, end);
}
