import { expect, test } from 'vitest';
import { planted } from '../planted.ts';
import { duplicateViolations } from './duplicates.ts';

const block = (count: number, indent = ''): string =>
  Array.from({ length: count }, (_, index) => `${indent}f(${index});`).join('\n');
const faultsOf = (a: string, b: string): readonly string[] =>
  duplicateViolations(planted({ 'libs/estate/src/a.ts': a, 'libs/docker/src/b.ts': b })).map(
    ({ at, what }) => `${at} ${what}`,
  );

test('a block of 21 lines in two files is found, once, with both places', () => {
  expect(faultsOf(`a();\n${block(21)}`, `b();\n\nb();\n${block(21)}\nc();`)).toEqual([
    'libs/docker/src/b.ts:4 21 lines as in libs/estate/src/a.ts:2',
  ]);
});

test('20 lines may stand twice', () => {
  expect(faultsOf(block(20), block(20))).toEqual([]);
});

test('white space, comments, imports and empty lines hide nothing', () => {
  const hidden = `import x from 'y';\n${block(21, '  ').replaceAll('\n', ' // why\n\n')}`;
  expect(faultsOf(block(21), hidden)).toEqual(['libs/docker/src/b.ts:2 21 lines as in libs/estate/src/a.ts:1']);
});

test('imports and comments alone are no block', () => {
  const head = Array.from({ length: 30 }, (_, index) => `import x${index} from 'y';\n// same`).join('\n');
  expect(faultsOf(head, head)).toEqual([]);
});

test('a block that stands twice in one file is found', () => {
  expect(faultsOf(`${block(25)}\nmiddle();\n${block(25)}`, '')).toEqual([
    'libs/estate/src/a.ts:27 25 lines as in libs/estate/src/a.ts:1',
  ]);
});
