import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

import { VERB_GROUPS, VERBS } from '../verb-table.ts';
import { checksPage } from './checks-page.ts';
import { cliPage } from './cli-page.ts';
import { errorsPage } from './errors-page.ts';

const page = (name: string) => readFileSync(new URL(`../../../../docs/reference/${name}`, import.meta.url), 'utf8');

test('the committed page of the command line is that of the verb table', () => {
  expect(page('cli.md')).toBe(cliPage(VERB_GROUPS));
});

test('the committed page of errors is that of the registry', () => {
  expect(page('errors.md')).toBe(errorsPage());
});

test('the committed page of checks is that of their definitions', () => {
  expect(page('checks.md')).toBe(checksPage());
});

test('every verb and flag stands on the page', () => {
  const text = cliPage(VERB_GROUPS);
  for (const { name, flags = [] } of VERBS) {
    expect(text).toContain(`### ${name}\n`);
    for (const flag of flags) expect(text).toContain(`--${flag.name}`);
  }
});
