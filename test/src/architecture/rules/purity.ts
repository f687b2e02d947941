import { importedNames, nameOf, nodesOf, parseModule, type SyntaxNode } from '../module.ts';
import { sourcesOf, type Source, type Violation, type Workspace } from '../workspace.ts';

/** Logic without I/O: testable without a server, and the same input always gives the same output. */
const PURE = new Set(['contracts', 'libs/estate', 'libs/isolation', 'libs/report']);

/** Modules without I/O, clock or randomness. A list of what is allowed, because the list of what does I/O has no end. */
const HARMLESS = new Set(['node:crypto', 'node:buffer', 'node:path', 'zod', 'fast-string-truncated-width']);

/** What a pure library may import of `node:crypto`: functions of their arguments. */
const DIGESTS = new Set(['createHash', 'createHmac', 'hash', 'timingSafeEqual']);

/** Globals that reach out of the process, or give another answer every time. */
const IMPURE_GLOBALS = new Set([
  'process',
  'fetch',
  'performance',
  'crypto',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'console',
  'WebSocket',
  'Worker',
]);

/** Files that are programs, not part of the library. */
const PROGRAMS = new Set(['contracts/src/reference/write.ts']);

/** Imports and globals of pure libraries that do I/O or read the clock. Type-only imports count: a signature that names a socket is not pure. */
export function purityViolations(workspace: Workspace): Violation[] {
  const pure = workspace.packages.filter(({ directory }) => PURE.has(directory)).map(({ name }) => name);
  return sourcesOf(workspace)
    .filter((source) => PURE.has(source.package.directory) && !source.test && !PROGRAMS.has(source.path))
    .flatMap((source) => [...importFaults(source, pure), ...globalFaults(source)]);
}

function importFaults({ path, text }: Source, pure: readonly string[]): Violation[] {
  const { imports, program, lineOf } = parseModule(path, text);
  const foreign = imports.filter(({ specifier, form }) => {
    if (specifier.startsWith('.') || form === 'url') return false;
    return !HARMLESS.has(specifier) && !pure.some((name) => specifier === name || specifier.startsWith(`${name}/`));
  });
  const random = [...nodesOf(program)].filter(
    (node) =>
      node.type === 'ImportDeclaration' &&
      sourceOf(node) === 'node:crypto' &&
      importedNames(node).some((name) => !DIGESTS.has(name)),
  );
  return [
    ...foreign.map(({ specifier, line }) => ({
      at: `${path}:${line}`,
      what: `a pure library may not import ${specifier}`,
    })),
    ...random.map((node) => ({
      at: `${path}:${lineOf(node.start)}`,
      what: 'a pure library may take digests of node:crypto only',
    })),
  ];
}

function sourceOf(node: SyntaxNode): unknown {
  return (node['source'] as SyntaxNode)['value'];
}

function globalFaults({ path, text }: Source): Violation[] {
  const { program, lineOf } = parseModule(path, text);
  const nodes = [...nodesOf(program)];
  const own = new Set(nodes.flatMap(declaredNames));
  return nodes.flatMap((node) => {
    const what = impureUse(node, own);
    return what === undefined
      ? []
      : [{ at: `${path}:${lineOf(node.start)}`, what: `a pure library may not use ${what}; take it as an argument` }];
  });
}

/** Names that a file declares itself hide a global; one declaration anywhere in the file is enough here. */
function declaredNames(node: SyntaxNode): readonly string[] {
  const names = (value: unknown): readonly string[] => [...nodesOf(value)].flatMap((each) => nameOf(each) ?? []);
  if (node.type === 'VariableDeclarator' || node.type === 'FunctionDeclaration') return names(node['id']);
  if (node.type.startsWith('Import') && 'local' in node) return names(node['local']);
  return Array.isArray(node['params']) ? names(node['params']) : [];
}

function impureUse(node: SyntaxNode, own: ReadonlySet<string>): string | undefined {
  if (
    node.type === 'NewExpression' &&
    nameOf(node['callee']) === 'Date' &&
    (node['arguments'] as unknown[]).length === 0
  )
    return 'new Date()';
  const callee = node.type === 'CallExpression' || node.type === 'NewExpression' ? nameOf(node['callee']) : undefined;
  if (callee !== undefined && IMPURE_GLOBALS.has(callee) && !own.has(callee)) return callee;
  if (node.type !== 'MemberExpression') return undefined;
  const object = nameOf(node['object']);
  if (object === undefined || own.has(object)) return undefined;
  if (IMPURE_GLOBALS.has(object)) return object;
  const member = `${object}.${nameOf(node['property'])}`;
  return member === 'Date.now' || member === 'Math.random' ? member : undefined;
}
