import { expect, test } from 'vitest';
import { planted } from '../planted.ts';
import { licenceViolations, productionPackages, type LockFile } from './licences.ts';

const lock: LockFile = {
  packages: {
    'libs/docker': {
      dependencies: { '@seatrial/contracts': '0.1.0', undici: '8.13.1' },
      devDependencies: { gpl: '1.0.0' },
    },
    'node_modules/@seatrial/contracts': { link: true },
    'node_modules/undici': { license: 'MIT', dependencies: { deep: '1.0.0' } },
    'node_modules/undici/node_modules/deep': { license: 'ISC', optionalDependencies: { 'other-platform': '1.0.0' } },
    'node_modules/deep': { license: 'GPL-3.0-only' },
    'node_modules/gpl': { license: 'GPL-3.0-only' },
  },
};

const withLicence = (license?: string): LockFile => ({
  packages: { ...lock.packages, 'node_modules/undici': { ...(license !== undefined && { license }) } },
});
const faultsOf = (file: LockFile): readonly string[] =>
  licenceViolations(planted({}), file, () => undefined).map(({ at, what }) => `${at} ${what}`);

test('the tree is that of shipped packages, resolved as Node does', () => {
  expect(productionPackages(planted({}), lock)).toEqual([
    'node_modules/undici',
    'node_modules/undici/node_modules/deep',
  ]);
});

test.each(['MIT', '(MIT OR GPL-3.0-or-later)', 'Apache-2.0 AND BSD-3-Clause'])('%s is allowed', (license) => {
  expect(faultsOf(withLicence(license))).toEqual([]);
});

test.each(['GPL-3.0-only', 'AGPL-3.0', 'MIT AND LGPL-2.1', 'SEE LICENSE IN LICENSE', 'BUSL-1.1', undefined])(
  '%s is found',
  (license) => {
    expect(faultsOf(withLicence(license))).toEqual([
      `node_modules/undici ${license === undefined ? 'names no licence' : `licence ${license}`}`,
    ]);
  },
);
