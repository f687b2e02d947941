import { expect, test } from 'vitest';
import { planted } from '../planted.ts';
import { graphViolations } from './project-graph.ts';

const EXPECTED = { contracts: '@seatrial/contracts', 'libs/docker': '@seatrial/docker' };

function faultsOf(
  projects: Record<string, string>,
  edges: readonly (readonly [string, string])[] = [],
): readonly string[] {
  const nodes = Object.fromEntries(Object.entries(projects).map(([root, name]) => [name, { data: { root } }]));
  const dependencies = { all: edges.map(([source, target]) => ({ source, target })) };
  return graphViolations(planted({}), { graph: { nodes, dependencies } }, EXPECTED).map(({ what }) => what);
}

test('the expected projects with a declared edge pass', () => {
  expect(faultsOf(EXPECTED, [['@seatrial/docker', '@seatrial/contracts']])).toEqual([]);
});

test('a missing and a foreign project are found', () => {
  expect(faultsOf({ contracts: '@seatrial/contracts', 'libs/new': 'new' })).toEqual([
    'nx does not show @seatrial/docker',
    'nx shows new, which is no project of the house',
  ]);
});

test('an edge that is not declared is found', () => {
  expect(faultsOf(EXPECTED, [['@seatrial/contracts', '@seatrial/docker']])).toEqual([
    'nx shows an edge to @seatrial/docker that is not declared',
  ]);
});
