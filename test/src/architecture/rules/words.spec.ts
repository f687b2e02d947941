import { expect, test } from 'vitest';
import { planted } from '../planted.ts';
import { wordViolations } from './words.ts';

const faultsOf = (path: string, text: string): readonly string[] =>
  wordViolations(planted({ [path]: text })).map(({ at }) => at);

// Put together here, so that this file does not break the rule that it tests.
const join = (...parts: readonly string[]): string => parts.join('');

test.each([
  join('/wo', 'rk/main'),
  join('cd /ro', 'ot/seatrial'),
  join('https://registry.', 'npmjs.org/x'),
  join('proxy.', 'golang.org'),
  join('https://x/api/', 'npm/all'),
])('%s is found in any file', (text) => {
  expect(faultsOf('docs/x.md', `a\n${text}`)).toEqual(['docs/x.md:2']);
});

test('folders of a host that a check speaks of pass', () => {
  expect(faultsOf('libs/docker/src/a.ts', "f('/root', '/proc/1/root/etc', 'x/work/y');")).toEqual([]);
});

test.each(['TODO: later', 'FIXME', 'XXX', 'HACK', 'see foundation 4.2', 'as in experience.md'])(
  '%s is found in a comment',
  (word) => {
    expect(faultsOf('libs/docker/src/a.ts', `f();\n/** a\n * ${word} */`)).toEqual(['libs/docker/src/a.ts:3']);
    expect(faultsOf('libs/docker/src/a.ts', `f('${word}')`)).toEqual([]);
  },
);

test.each(['skip', 'only', 'todo', 'concurrent.skip'])('test.%s is found', (modifier) => {
  expect(faultsOf('libs/docker/src/a.spec.ts', `test.${modifier}('x', () => {});`)).toEqual([
    'libs/docker/src/a.spec.ts:1',
  ]);
});

test('a known fault passes: its test runs, and turns red when the fault is gone', () => {
  expect(faultsOf('libs/docker/src/a.spec.ts', "test.fails('x', () => {});")).toEqual([]);
});

test('a skip with a condition passes: its reason is printed', () => {
  expect(
    faultsOf(
      'libs/docker/src/a.spec.ts',
      "describe.skipIf(docker.skip !== undefined)('x', () => {}); context.skip('no moon');",
    ),
  ).toEqual([]);
});
