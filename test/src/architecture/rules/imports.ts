import { posix } from 'node:path';
import { parseModule, type ModuleImport } from '../module.ts';
import {
  sourcesOf,
  type Manifest,
  type PackageKind,
  type Source,
  type Violation,
  type Workspace,
  type WorkspacePackage,
} from '../workspace.ts';

/** Whom the shipped code of each kind may import. Test code of libraries may also use `testing`, where that makes no cycle. */
const DIRECTION: Readonly<Record<PackageKind, readonly PackageKind[]>> = {
  contracts: [],
  library: ['contracts', 'library'],
  infra: ['contracts', 'library'],
  service: ['contracts', 'library'],
  app: ['contracts', 'library', 'infra'],
  testing: ['contracts', 'library', 'infra'],
  test: ['contracts', 'library', 'infra', 'testing'],
  bench: ['contracts', 'library', 'infra', 'testing'],
};

/** Neither the compiler, knip nor nx sees an undeclared workspace import, so every import of every source is checked here. */
export function importViolations(workspace: Workspace): Violation[] {
  const names = new Map(workspace.packages.map((each) => [each.name, each]));
  const tools = Object.keys(
    (JSON.parse(workspace.files.get('package.json') ?? '{}') as Manifest).devDependencies ?? {},
  );
  return sourcesOf(workspace).flatMap((source) =>
    parseModule(source.path, source.text).imports.flatMap((each) =>
      faults(source, each, names, tools).map((what) => ({ at: `${source.path}:${each.line}`, what })),
    ),
  );
}

function faults(
  source: Source,
  { specifier, form, erased }: ModuleImport,
  names: ReadonlyMap<string, WorkspacePackage>,
  tools: readonly string[],
): string[] {
  if (specifier.startsWith('node:')) return [];
  if (specifier.startsWith('.')) return relativeFaults(source, specifier, form);
  if (form === 'url') return [];
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  const target = names.get(name);
  // The tools of the whole workspace are declared once, at its root; nothing that is shipped loads one.
  const declared = (source.test || erased) && tools.includes(name) ? [] : declarationFaults(source, name);
  return [...declared, ...(target ? directionFaults(source, target, specifier) : [])];
}

function relativeFaults(source: Source, specifier: string, form: ModuleImport['form']): string[] {
  const target = posix.join(posix.dirname(source.path), specifier);
  // A URL may name a committed page or fixture for a test to read; code may not be loaded that way from elsewhere.
  if (!target.startsWith(`${source.package.directory}/src/`)) {
    return form === 'url' && source.test
      ? []
      : [`${specifier} leads out of the sources of ${source.package.directory}`];
  }
  if (form === 'url') return [];
  const found: string[] = [];
  if (!specifier.endsWith('.ts')) found.push(`${specifier} has no .ts suffix`);
  if (posix.basename(target) === 'index.ts' && posix.basename(source.path) !== 'index.ts')
    found.push(`${specifier} is an index of the own package; import the file itself`);
  return found;
}

function declarationFaults({ package: { manifest, name: own }, test }: Source, name: string): string[] {
  if (name === own) return [`${name} is the own package; import the file itself`];
  if (manifest.dependencies?.[name] !== undefined || manifest.optionalDependencies?.[name] !== undefined) return [];
  if (manifest.devDependencies?.[name] === undefined) return [`${name} is not declared in the package.json`];
  return test ? [] : [`${name} is only a development dependency, and this file is shipped`];
}

function directionFaults(source: Source, target: WorkspacePackage, specifier: string): string[] {
  const found: string[] = [];
  const allowed = DIRECTION[source.package.kind];
  const asTest = source.test && target.kind === 'testing' && source.package.kind !== 'contracts';
  if (!allowed.includes(target.kind) && !asTest)
    found.push(`${source.package.kind} ${source.package.name} may not import ${target.kind} ${target.name}`);
  const path = `.${specifier.slice(target.name.length)}`;
  if (target.manifest.exports?.[path] === undefined) found.push(`${specifier} is not in the exports of ${target.name}`);
  return found;
}

/** Declared dependencies between workspace packages, development ones too, must make no cycle and go in an allowed direction. */
export function manifestEdgeViolations(workspace: Workspace): Violation[] {
  const byName = new Map(workspace.packages.map((each) => [each.name, each]));
  const edges = new Map(
    workspace.packages.map((each) => [
      each.name,
      Object.keys({ ...each.manifest.dependencies, ...each.manifest.devDependencies }).filter((name) =>
        byName.has(name),
      ),
    ]),
  );
  const cycles = [...edges.keys()].flatMap((name) => {
    const way = wayBack(name, edges);
    return way
      ? [{ at: `${byName.get(name)?.directory}/package.json`, what: `dependency cycle ${way.join(' -> ')}` }]
      : [];
  });
  const wrong = workspace.packages.flatMap(({ manifest, kind, directory }) =>
    Object.keys(manifest.dependencies ?? {}).flatMap((name) => {
      const target = byName.get(name);
      if (!target || DIRECTION[kind].includes(target.kind)) return [];
      return [{ at: `${directory}/package.json`, what: `${kind} may not depend on ${target.kind} ${name}` }];
    }),
  );
  return [...cycles, ...wrong];
}

function wayBack(start: string, edges: ReadonlyMap<string, readonly string[]>): readonly string[] | undefined {
  const seen = new Set<string>();
  const ways: (readonly string[])[] = [[start]];
  for (let way = ways.shift(); way; way = ways.shift()) {
    for (const next of edges.get(way.at(-1) ?? '') ?? []) {
      if (next === start) return [...way, next];
      if (seen.has(next)) continue;
      seen.add(next);
      ways.push([...way, next]);
    }
  }
  return undefined;
}
