import { expect, test } from 'vitest';
import { GROUPS, groupOfFile, selectGroups } from './groups.ts';

test('no name means every group', () => {
  expect(selectGroups([])).toEqual(GROUPS);
});

test('names select, in the order of the list', () => {
  expect(selectGroups(['faults', 'unit']).map((group) => group.name)).toEqual(['unit', 'faults']);
});

test('a name that is no group is refused with those there are', () => {
  expect(() => selectGroups(['units'])).toThrow(
    expect.objectContaining({ code: 'E-USAGE', hint: expect.stringContaining('unit') }),
  );
});

test.each([
  ['libs/bus/src/subject.spec.ts', 'unit'],
  ['contracts/src/define/contract.spec.ts', 'unit'],
  ['test/src/faults/bus/kill.spec.ts', 'faults'],
  ['test/src/architecture/imports.spec.ts', 'static'],
  ['elsewhere/x.spec.ts', 'unit'],
])('%s belongs to %s', (file, group) => {
  expect(groupOfFile(file)).toBe(group);
});
