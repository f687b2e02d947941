import { expect, test } from 'vitest';
import { manifest, planted } from '../planted.ts';
import { surfaceViolations } from './surface.ts';

test.each([
  "export * from './a.ts';",
  "export * as a from './a.ts';",
  'export const a = 1;',
  "import './a.ts';",
  "import { a } from './a.ts'; export { a };",
])('%s is found in an index.ts', (text) => {
  expect(surfaceViolations(planted({ 'libs/estate/src/index.ts': text })).length).toBeGreaterThan(0);
});

test('named re-exports pass', () => {
  expect(
    surfaceViolations(
      planted({ 'libs/estate/src/index.ts': "export { a, type B } from './a.ts'; export type { C } from './c.ts';" }),
    ),
  ).toEqual([]);
});

test.each([[{ exports: { '.': {} } }], [{ exports: undefined }]])(
  'a service that can be imported is found: %j',
  (fields) => {
    const files = { 'services/collector/package.json': manifest('collector', fields as object) };
    expect(surfaceViolations(planted(files)).map(({ what }) => what)).toEqual([
      '@seatrial/collector must say "exports": {}',
    ]);
  },
);
