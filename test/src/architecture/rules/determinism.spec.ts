import { expect, test } from 'vitest';
import { planted } from '../planted.ts';
import { determinismViolations } from './determinism.ts';

const faultsOf = (path: string, text: string): readonly string[] =>
  determinismViolations(planted({ [path]: text })).map(({ at }) => at);

test('random numbers are found in what is shipped', () => {
  expect(faultsOf('libs/docker/src/a.ts', 'f();\nf(Math.random());')).toEqual(['libs/docker/src/a.ts:2']);
});

test('an exception is allowed as long as it is one', () => {
  expect(faultsOf('libs/docker/src/events/backoff.ts', 'f(Math.random());')).toEqual([]);
  expect(faultsOf('libs/docker/src/events/backoff.ts', 'f(random());')).toEqual(['libs/docker/src/events/backoff.ts']);
});

test.each([
  "import { setTimeout as wait } from 'node:timers/promises';",
  'await new Promise((done) => setTimeout(done, 500));',
  'await new Promise<void>((done) => { setTimeout(() => done(), 500); });',
])('a sleep is found in a test: %s', (text) => {
  expect(faultsOf('test/src/e2e/a.spec.ts', text)).toEqual(['test/src/e2e/a.spec.ts:1']);
  expect(faultsOf('libs/docker/src/a.spec.ts', text)).toHaveLength(1);
});

test('a turn of the event loop is no sleep', () => {
  expect(faultsOf('test/src/e2e/a.spec.ts', "import { setImmediate as turn } from 'node:timers/promises';")).toEqual(
    [],
  );
});

test('a deadline beside a fact is no sleep', () => {
  expect(
    faultsOf(
      'test/src/e2e/a.spec.ts',
      "await new Promise((done) => { child.once('exit', done); setTimeout(() => done('late'), 500); });",
    ),
  ).toEqual([]);
});
