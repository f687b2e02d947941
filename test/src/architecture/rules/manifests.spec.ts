import { expect, test } from 'vitest';
import { manifest, planted } from '../planted.ts';
import type { Manifest } from '../workspace.ts';
import { manifestViolations } from './manifests.ts';

const faultsOf = (fields: object, more: Record<string, string> = {}): readonly string[] =>
  manifestViolations(planted({ 'libs/estate/package.json': manifest('estate', fields as Manifest), ...more })).map(
    ({ what }) => what,
  );

test('the sound workspace passes', () => {
  expect(faultsOf({})).toEqual([]);
});

test.each([
  [{ engines: { node: '>=20' } }],
  [{ license: 'MIT' }],
  [{ type: 'commonjs' }],
  [{ private: false }],
  [{ version: undefined }],
])('%j is found', (fields) => {
  expect(faultsOf(fields)).toHaveLength(1);
});

test.each(['^1.2.3', '~1.2.3', '1.x', '*', 'latest', 'file:../x'])('the version %s is found', (version) => {
  expect(faultsOf({ devDependencies: { ajv: version } })).toEqual([`ajv ${version} is no exact version`]);
});

test('two versions of one package, and a wrong version of an own one, are found', () => {
  expect(faultsOf({ dependencies: { zod: '4.0.0' } })).toEqual(['zod is 4.0.0 here and 4.6.7 elsewhere']);
  expect(faultsOf({ dependencies: { '@seatrial/contracts': '0.2.0' } })).toEqual([
    '@seatrial/contracts is 0.1.0 here, not 0.2.0',
  ]);
});

test('compiler references that differ from the declared dependencies are found', () => {
  const tsconfig = (...paths: readonly string[]): Record<string, string> => ({
    'libs/estate/tsconfig.json': JSON.stringify({ references: paths.map((path) => ({ path })) }),
  });
  const fields = { dependencies: { '@seatrial/contracts': '0.1.0' } };
  expect(faultsOf(fields, tsconfig('../../contracts'))).toEqual([]);
  expect(faultsOf(fields, tsconfig())).toEqual([
    '@seatrial/contracts is declared and tsconfig.json does not reference ../../contracts',
  ]);
  expect(faultsOf(fields, tsconfig('../../contracts', '../docker'))).toEqual([
    'tsconfig.json references libs/docker, which is not declared',
  ]);
});
