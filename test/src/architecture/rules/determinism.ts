import { importedNames, nameOf, nodesOf, parseModule, stringOf, type SyntaxNode } from '../module.ts';
import { sourcesOf, type Violation, type Workspace } from '../workspace.ts';

/** Where chance is the point, and nothing that is reported depends on it. */
const DICE: Readonly<Record<string, string>> = {
  'libs/bus/src/connection/dial.ts': 'jitter of reconnects',
  'libs/docker/src/events/backoff.ts': 'jitter of reconnects',
};

/** Where a timer is the point. */
const TIMERS: Readonly<Record<string, string>> = {
  'libs/testing/src/until.ts': 'the poll with a deadline that every other test waits with',
  'libs/testing/src/broker/server-process.ts': 'polls until the broker greets, with a deadline',
  'libs/testing/src/docker/private-engine.ts': 'polls until the engine answers or has died',
  'test/src/contract/bus/read.spec.ts': 'a reader that is slow on purpose',
  'test/src/faults/archive/event-loop.spec.ts': 'gives the event loop a turn, which is what it measures',
};

/** Random numbers in what is shipped, and tests that wait for time to pass instead of for a fact. */
export function determinismViolations(workspace: Workspace): Violation[] {
  return sourcesOf(workspace).flatMap(({ path, text, test }) => {
    const { program, lineOf } = parseModule(path, text);
    const found = test ? sleeps(program) : [...nodesOf(program)].filter(isRandom);
    const what = test ? 'waits for time to pass; wait for a fact (until)' : 'Math.random in the product';
    if (path in (test ? TIMERS : DICE))
      return found.length > 0 ? [] : [{ at: path, what: 'is listed as an exception and is none' }];
    return found.map((node) => ({ at: `${path}:${lineOf(node.start)}`, what }));
  });
}

function isRandom(node: SyntaxNode): boolean {
  return node.type === 'MemberExpression' && nameOf(node['object']) === 'Math' && nameOf(node['property']) === 'random';
}

/** `setTimeout` of node:timers/promises, and a promise that a timer alone resolves. */
function sleeps(program: unknown): SyntaxNode[] {
  const nodes = [...nodesOf(program)];
  const imports = nodes
    .filter((node) => node.type === 'ImportDeclaration')
    .filter((node) => /^(?:node:)?timers\/promises$/.test(stringOf(node['source']) ?? ''))
    .filter((node) => importedNames(node).some((name) => name !== 'setImmediate'));
  const promises = nodes
    .filter((node) => node.type === 'NewExpression' && nameOf(node['callee']) === 'Promise')
    .filter(resolvedByTimerOnly);
  return [...imports, ...promises];
}

function resolvedByTimerOnly(node: SyntaxNode): boolean {
  const executor = (node['arguments'] as SyntaxNode[])[0];
  const resolve = nameOf((executor?.['params'] as unknown[] | undefined)?.[0]);
  if (!executor || resolve === undefined) return false;
  const uses = [...nodesOf(executor['body'])].filter((each) => nameOf(each) === resolve);
  const timers = [...nodesOf(executor['body'])].filter(
    (each) => each.type === 'CallExpression' && nameOf(each['callee']) === 'setTimeout',
  );
  return (
    uses.length > 0 && uses.every((use) => timers.some((timer) => timer.start <= use.start && use.end <= timer.end))
  );
}
