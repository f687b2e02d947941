import type { Violation, Workspace } from '../workspace.ts';

/** What `nx graph --file` writes, as far as it is read. */
export interface ProjectGraph {
  readonly graph: {
    readonly nodes: Readonly<Record<string, { readonly data: { readonly root: string } }>>;
    readonly dependencies: Readonly<Record<string, readonly { readonly source: string; readonly target: string }[]>>;
  };
}

/** Projects that are missing or not expected, and edges that no package.json declares. `expected` is the name of the project by folder. */
export function graphViolations(
  workspace: Workspace,
  { graph }: ProjectGraph,
  expected: Readonly<Record<string, string>>,
): Violation[] {
  const seen = new Map(Object.entries(graph.nodes).map(([name, { data }]) => [data.root, name]));
  const manifests = new Map(workspace.packages.map(({ name, manifest }) => [name, manifest]));
  const edges = Object.values(graph.dependencies).flat();
  return [
    ...Object.keys(expected)
      .filter((root) => seen.get(root) !== expected[root])
      .map((root) => ({ at: root, what: `nx does not show ${expected[root]}` })),
    ...[...seen]
      .filter(([root]) => !(root in expected))
      .map(([root, name]) => ({ at: root, what: `nx shows ${name}, which is no project of the house` })),
    ...edges
      .filter(({ source, target }) => {
        const { dependencies, devDependencies } = manifests.get(source) ?? {};
        return dependencies?.[target] === undefined && devDependencies?.[target] === undefined;
      })
      .map(({ source, target }) => ({ at: source, what: `nx shows an edge to ${target} that is not declared` })),
  ];
}
