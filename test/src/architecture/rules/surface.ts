import { parseModule, type SyntaxNode } from '../module.ts';
import { sourcesOf, type Violation, type Workspace } from '../workspace.ts';

/** An `index.ts` is an explicit list of named re-exports, and packages that nobody imports offer none. */
export function surfaceViolations(workspace: Workspace): Violation[] {
  const indexes = sourcesOf(workspace).filter(({ path }) => path.endsWith('/index.ts'));
  const closed = workspace.packages.filter(({ kind }) => ['service', 'app', 'test', 'bench'].includes(kind));
  return [
    ...indexes.flatMap(({ path, text }) => {
      const { program, lineOf } = parseModule(path, text);
      return (program.body as unknown as SyntaxNode[]).flatMap((node) => {
        const what = indexFault(node);
        return what === undefined ? [] : [{ at: `${path}:${lineOf(node.start)}`, what }];
      });
    }),
    ...closed
      .filter(({ manifest: { exports } }) => exports === undefined || Object.keys(exports).length > 0)
      .map(({ directory, name }) => ({ at: `${directory}/package.json`, what: `${name} must say "exports": {}` })),
  ];
}

function indexFault(node: SyntaxNode): string | undefined {
  if (node.type === 'ExportAllDeclaration') return 'export * hides what is public; name each export';
  if (node.type !== 'ExportNamedDeclaration') return 'an index.ts holds re-exports only';
  return node['source'] ? undefined : 'an index.ts re-exports from the file itself: export { name } from ...';
}
