import type { Manifest, Violation, Workspace, WorkspacePackage } from '../workspace.ts';

/** What every package.json of the workspace says in the same way, and that references of the compiler follow the declared dependencies. */
export function manifestViolations(workspace: Workspace): Violation[] {
  const own = new Map(workspace.packages.map(({ name, manifest }) => [name, manifest.version]));
  const versions = new Map<string, string>();
  return workspace.packages.flatMap((each) => {
    const at = `${each.directory}/package.json`;
    const faults = [
      ...headFaults(each.manifest),
      ...versionFaults(each.manifest, own, versions),
      ...referenceFaults(workspace, each),
    ];
    return faults.map((what) => ({ at, what }));
  });
}

function headFaults({ engines, license, type, version, private: isPrivate }: Manifest): string[] {
  return [
    ...(engines?.['node'] === '>=24' ? [] : ['engines.node is not ">=24"']),
    ...(license === 'Apache-2.0' ? [] : ['license is not "Apache-2.0"']),
    ...(type === 'module' ? [] : ['type is not "module"']),
    ...(isPrivate === true ? [] : ['private is not true: nothing here is published']),
    ...(version === undefined ? ['no version'] : []),
  ];
}

/** Versions are exact, and one version of a package is used everywhere. `seen` collects them over all packages. */
function versionFaults(
  manifest: Manifest,
  own: ReadonlyMap<string, string | undefined>,
  seen: Map<string, string>,
): string[] {
  const all = Object.entries({
    ...manifest.dependencies,
    ...manifest.devDependencies,
    ...manifest.optionalDependencies,
  });
  return all.flatMap(([name, version]) => {
    if (own.has(name)) return own.get(name) === version ? [] : [`${name} is ${own.get(name)} here, not ${version}`];
    if (!/^\d+\.\d+\.\d+(?:-[\w.]+)?$/.test(version)) return [`${name} ${version} is no exact version`];
    const other = seen.get(name) ?? version;
    seen.set(name, other);
    return other === version ? [] : [`${name} is ${version} here and ${other} elsewhere`];
  });
}

function referenceFaults({ packages, files }: Workspace, { directory, manifest }: WorkspacePackage): string[] {
  const text = files.get(`${directory}/tsconfig.json`);
  if (text === undefined) return [];
  const up = '../'.repeat(directory.split('/').length);
  const references = (JSON.parse(text) as { references?: { path: string }[] }).references ?? [];
  const referenced = new Set(references.map(({ path }) => new URL(path, `file:///${directory}/`).pathname.slice(1)));
  const declared = packages.filter(
    ({ name }) => manifest.dependencies?.[name] !== undefined || manifest.devDependencies?.[name] !== undefined,
  );
  return [
    ...declared
      .filter((each) => !referenced.has(each.directory))
      .map((each) => `${each.name} is declared and tsconfig.json does not reference ${up}${each.directory}`),
    ...[...referenced]
      .filter((path) => !declared.some((each) => each.directory === path))
      .map((path) => `tsconfig.json references ${path}, which is not declared`),
  ];
}
