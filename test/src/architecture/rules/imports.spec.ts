import { expect, test } from 'vitest';
import { manifest, planted } from '../planted.ts';
import { importViolations, manifestEdgeViolations } from './imports.ts';

const faultsOf = (path: string, text: string, more: Record<string, string> = {}): readonly string[] =>
  importViolations(planted({ [path]: text, ...more })).map(({ what }) => what);

test.each([
  ['a static import', "import { x } from '@seatrial/docker';"],
  ['a side effect', "import '@seatrial/docker';"],
  ['a type-only import', "import type { X } from '@seatrial/docker';"],
  ['a re-export', "export { x } from '@seatrial/docker';"],
  ['export *', "export * from '@seatrial/docker';"],
  ['import()', "const x = await import('@seatrial/docker');"],
  ['require', "const x = require('@seatrial/docker');"],
  ['import = require', "import x = require('@seatrial/docker');"],
  ['a type import()', "export type X = import('@seatrial/docker').X;"],
])('an undeclared workspace import is found in the form of %s', (_, text) => {
  expect(faultsOf('libs/estate/src/a.ts', text)).toEqual(['@seatrial/docker is not declared in the package.json']);
});

test('what is declared and allowed passes', () => {
  expect(
    faultsOf(
      'libs/estate/src/a.ts',
      "import { x } from '@seatrial/contracts'; import { b } from './b.ts'; import 'node:path';",
    ),
  ).toEqual([]);
  expect(faultsOf('libs/estate/src/a.spec.ts', "import fc from 'fast-check'; import { test } from 'vitest';")).toEqual(
    [],
  );
  expect(faultsOf('libs/estate/src/testing/a.ts', "import fc from 'fast-check';")).toEqual([]);
  expect(faultsOf('libs/estate/src/a.ts', "import type { Reporter } from 'vitest';")).toEqual([]);
});

test('what is shipped may not load a development dependency', () => {
  expect(faultsOf('libs/estate/src/a.ts', "import fc from 'fast-check';")).toEqual([
    'fast-check is only a development dependency, and this file is shipped',
  ]);
  expect(faultsOf('libs/estate/src/a.ts', "import { test } from 'vitest';")).toEqual([
    'vitest is not declared in the package.json',
  ]);
});

test('nothing imports a service, not even where it is declared', () => {
  const more = { 'libs/estate/package.json': manifest('estate', { dependencies: { '@seatrial/collector': '0.1.0' } }) };
  expect(faultsOf('libs/estate/src/a.ts', "import '@seatrial/collector';", more)).toEqual([
    'library @seatrial/estate may not import service @seatrial/collector',
    '@seatrial/collector is not in the exports of @seatrial/collector',
  ]);
});

test('a shipped source may not import the test library, a spec may', () => {
  const more = {
    'libs/estate/package.json': manifest('estate', {
      devDependencies: { '@seatrial/testing': '0.1.0' },
      dependencies: {},
    }),
  };
  expect(faultsOf('libs/estate/src/a.spec.ts', "import '@seatrial/testing';", more)).toEqual([]);
  expect(faultsOf('libs/estate/src/a.ts', "import '@seatrial/testing';", more)).toHaveLength(2);
});

test('a deep path into another package is found, a declared export is not', () => {
  const more = { 'contracts/package.json': manifest('contracts', { exports: { '.': {}, './reference': {} } }) };
  expect(faultsOf('libs/estate/src/a.ts', "import '@seatrial/contracts/dist/registry.js';", more)).toEqual([
    '@seatrial/contracts/dist/registry.js is not in the exports of @seatrial/contracts',
  ]);
  expect(faultsOf('libs/estate/src/a.ts', "import '@seatrial/contracts/reference';", more)).toEqual([]);
});

test('a path that leaves the sources of the package is found', () => {
  expect(faultsOf('libs/estate/src/a.ts', "import '../../docker/dist/index.js';")).toHaveLength(1);
  expect(faultsOf('libs/estate/src/a/b.ts', "import '../../dist/a.js';")).toHaveLength(1);
  expect(
    faultsOf('libs/estate/src/a.ts', "new Worker(new URL('../../docker/dist/worker.js', import.meta.url));"),
  ).toHaveLength(1);
  expect(faultsOf('libs/estate/src/a.spec.ts', "new URL('../../../docs/page.md', import.meta.url);")).toEqual([]);
});

test('siblings do not import their own index, nor their own package by name', () => {
  expect(faultsOf('libs/estate/src/a.ts', "import { x } from './index.ts';")).toEqual([
    './index.ts is an index of the own package; import the file itself',
  ]);
  expect(faultsOf('libs/estate/src/a.ts', "import { x } from '@seatrial/estate';")[0]).toBe(
    '@seatrial/estate is the own package; import the file itself',
  );
});

test('a relative import without .ts is found', () => {
  expect(faultsOf('libs/estate/src/a.ts', "import { x } from './b.js';")).toEqual(['./b.js has no .ts suffix']);
});

test('a cycle of packages is found, also one through development dependencies', () => {
  const files = {
    'libs/estate/package.json': manifest('estate', { devDependencies: { '@seatrial/docker': '0.1.0' } }),
    'libs/docker/package.json': manifest('docker', { dependencies: { '@seatrial/estate': '0.1.0' } }),
  };
  expect(manifestEdgeViolations(planted({})).map(({ what }) => what)).toEqual([]);
  expect(manifestEdgeViolations(planted(files)).map(({ what }) => what)).toContain(
    'dependency cycle @seatrial/estate -> @seatrial/docker -> @seatrial/estate',
  );
});

test('a declared dependency in a forbidden direction is found although nothing imports it', () => {
  const files = {
    'services/collector/package.json': manifest('collector', {
      dependencies: { '@seatrial/infra': '0.1.0' },
      exports: {},
    }),
  };
  expect(manifestEdgeViolations(planted(files)).map(({ what }) => what)).toEqual([
    'service may not depend on infra @seatrial/infra',
  ]);
});
