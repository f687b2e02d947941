import { expect, test } from 'vitest';
import { planted } from '../planted.ts';
import { codeViolations } from './codes.ts';

const faultsOf = (
  files: Record<string, string>,
  codes: readonly string[] = ['E-A'],
  unused: Record<string, string> = {},
): readonly string[] => codeViolations(planted(files), { codes, unused }).map(({ at, what }) => `${at} ${what}`);

test('a code that is not registered is found in code, launcher and documents', () => {
  const files = {
    'libs/docker/src/a.ts': "f('E-A');\nf('E-B-C');\nf(`x E-D: ${1}`);",
    'docs/x.md': 'see E-E',
    seatrial: 'fail E-F-G 1',
  };
  expect(faultsOf(files)).toEqual([
    'libs/docker/src/a.ts:2 E-B-C is not in the registry',
    'libs/docker/src/a.ts:3 E-D is not in the registry',
    'docs/x.md:1 E-E is not in the registry',
    'seatrial:1 E-F-G is not in the registry',
  ]);
});

test('comments, specs and patterns are no use', () => {
  expect(
    faultsOf({ 'libs/docker/src/a.ts': "// E-B\nf('E-A', 'E-AUTH-*');", 'libs/docker/src/a.spec.ts': "f('E-C')" }),
  ).toEqual([]);
});

test('a registered code that nothing raises is found, unless it is listed; the list must be true', () => {
  const use = { 'libs/docker/src/a.ts': "f('E-A')" };
  expect(faultsOf(use, ['E-A', 'E-B'])).toEqual(['contracts/src/errors/codes.ts E-B is used nowhere']);
  expect(faultsOf(use, ['E-A', 'E-B'], { 'E-B': 'reserved' })).toEqual([]);
  expect(faultsOf(use, ['E-A'], { 'E-A': 'reserved' })).toEqual([
    'contracts/src/errors/codes.ts E-A is listed as unused and is not',
  ]);
});
