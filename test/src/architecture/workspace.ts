/** What the rules of the house read: the files of a checkout as text, and what the manifests say about them. In memory, so that a test can plant a violation. */
export interface Workspace {
  /** Text by path from the root of the checkout, with forward slashes. */
  readonly files: ReadonlyMap<string, string>;
  readonly packages: readonly WorkspacePackage[];
}

export interface WorkspacePackage {
  /** Path from the root of the checkout, without a slash at the end. */
  readonly directory: string;
  readonly name: string;
  readonly kind: PackageKind;
  readonly manifest: Manifest;
}

/** The place of a package in the direction of dependencies. */
export type PackageKind = 'contracts' | 'library' | 'testing' | 'infra' | 'service' | 'app' | 'test' | 'bench';

/** The fields of a package.json that the rules read. */
export interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly license?: string;
  readonly type?: string;
  readonly engines?: Readonly<Record<string, string>>;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** One place where a rule is broken. */
export interface Violation {
  /** `path` or `path:line`, from the root of the checkout. */
  readonly at: string;
  /** What is wrong there. */
  readonly what: string;
}

const MANIFEST = /^((?:libs|services|apps)\/[^/]+|contracts|infra|test|bench)\/package\.json$/;

/** The workspace that these files are. */
export function workspaceOf(files: ReadonlyMap<string, string>): Workspace {
  const packages = [...files].flatMap(([path, text]): WorkspacePackage[] => {
    const directory = MANIFEST.exec(path)?.[1];
    if (directory === undefined) return [];
    const manifest = JSON.parse(text) as Manifest;
    return [{ directory, name: manifest.name ?? directory, kind: kindOf(directory), manifest }];
  });
  return { files, packages };
}

function kindOf(directory: string): PackageKind {
  if (directory === 'libs/testing') return 'testing';
  if (directory === 'contracts' || directory === 'infra' || directory === 'test' || directory === 'bench')
    return directory;
  const first = directory.split('/')[0];
  return first === 'services' ? 'service' : first === 'apps' ? 'app' : 'library';
}

/** The package a file belongs to. */
function packageOf(workspace: Workspace, path: string): WorkspacePackage | undefined {
  return workspace.packages.find(({ directory }) => path.startsWith(`${directory}/`));
}

/** A TypeScript source of a package. */
export interface Source {
  readonly path: string;
  readonly text: string;
  readonly package: WorkspacePackage;
  /** Specs and what only they use: may use development dependencies, is never shipped. */
  readonly test: boolean;
}

/** Every TypeScript source under the `src` folder of a package. */
export function sourcesOf(workspace: Workspace): readonly Source[] {
  return [...workspace.files].flatMap(([path, text]): Source[] => {
    const owner = path.endsWith('.ts') ? packageOf(workspace, path) : undefined;
    if (!owner || !path.startsWith(`${owner.directory}/src/`)) return [];
    return [{ path, text, package: owner, test: isTest(path, owner.kind) }];
  });
}

function isTest(path: string, kind: PackageKind): boolean {
  if (kind === 'test' || kind === 'bench' || kind === 'testing') return true;
  return path.endsWith('.spec.ts') || /\/src\/(?:.*\/)?(?:testing|fixtures)\//.test(path);
}
