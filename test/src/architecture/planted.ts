import { workspaceOf, type Manifest, type Workspace } from './workspace.ts';

/** A small workspace in which each rule can be broken once: a sound package of each kind, and the files given. */
export function planted(files: Readonly<Record<string, string>>): Workspace {
  const contracts = { '@seatrial/contracts': '0.1.0' };
  const sound: Record<string, string> = {
    'package.json': JSON.stringify({ devDependencies: { vitest: '5.1.1' } }),
    'contracts/package.json': manifest('contracts', { dependencies: { zod: '4.6.7' } }),
    'libs/estate/package.json': manifest('estate', {
      dependencies: contracts,
      devDependencies: { 'fast-check': '4.10.2' },
    }),
    'libs/docker/package.json': manifest('docker', { dependencies: { ...contracts, undici: '8.13.1' } }),
    'libs/testing/package.json': manifest('testing', { dependencies: { '@seatrial/docker': '0.1.0' } }),
    'infra/package.json': manifest('infra', { dependencies: contracts }),
    'services/collector/package.json': manifest('collector', { dependencies: contracts, exports: {} }),
    'apps/cli/package.json': manifest('cli', { dependencies: contracts, exports: {} }),
    'test/package.json': manifest('test', { dependencies: { '@seatrial/testing': '0.1.0' }, exports: {} }),
  };
  return workspaceOf(new Map(Object.entries({ ...sound, ...files })));
}

/** A package.json as the house wants it, with these fields on top. */
export function manifest(name: string, fields: Manifest = {}): string {
  return JSON.stringify({
    name: `@seatrial/${name}`,
    version: '0.1.0',
    private: true,
    license: 'Apache-2.0',
    type: 'module',
    engines: { node: '>=24' },
    exports: { '.': {} },
    ...fields,
  } satisfies Manifest);
}
