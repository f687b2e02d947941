import { posix } from 'node:path';
import type { Manifest, Violation, Workspace } from '../workspace.ts';

/** Licences that ask for no more than a notice. */
const ALLOWED = new Set([
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Python-2.0',
  'Unlicense',
  'CC0-1.0',
]);

/** The part of package-lock.json that is read. */
export interface LockFile {
  readonly packages: Readonly<
    Record<string, Manifest & { readonly optional?: boolean; readonly link?: boolean; readonly peer?: boolean }>
  >;
}

/** Packages that ship with the product and whose licence is not known to be harmless. `licenceOf` reads an installed package's own manifest. */
export function licenceViolations(
  workspace: Workspace,
  lock: LockFile,
  licenceOf: (path: string) => string | undefined,
): Violation[] {
  return productionPackages(workspace, lock).flatMap((path) => {
    const licence = licenceOf(path) ?? lock.packages[path]?.license;
    return licence !== undefined && allowed(licence)
      ? []
      : [{ at: path, what: licence === undefined ? 'names no licence' : `licence ${licence}` }];
  });
}

/** Places under node_modules of everything that shipped packages depend on, found by the resolution rules of Node. */
export function productionPackages(workspace: Workspace, { packages }: LockFile): readonly string[] {
  const shipped = workspace.packages.filter(({ kind }) => !['test', 'bench', 'testing'].includes(kind));
  const found = new Set<string>();
  const queue = shipped.map(({ directory }) => directory);
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    const { dependencies, optionalDependencies, peerDependencies } = packages[path] ?? {};
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) {
      const place = resolve(path, name, packages);
      // A peer or optional package that is not in the lock file is not installed.
      if (place === undefined || packages[place]?.link === true || found.has(place)) continue;
      found.add(place);
      queue.push(place);
    }
  }
  return [...found].toSorted();
}

function resolve(from: string, name: string, packages: LockFile['packages']): string | undefined {
  for (let folder = from; ; folder = posix.dirname(folder)) {
    const place = folder === '.' ? `node_modules/${name}` : `${folder}/node_modules/${name}`;
    if (place in packages) return place;
    if (folder === '.') return undefined;
  }
}

/** `(MIT OR GPL-3.0)` is allowed: the reader chooses. `AND` asks for all. */
function allowed(expression: string): boolean {
  const bare = expression.replaceAll(/[()]/g, '').trim();
  if (bare.includes(' OR ')) return bare.split(' OR ').some(allowed);
  return bare.split(' AND ').every((each) => ALLOWED.has(each.trim()));
}
