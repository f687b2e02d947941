import fc from 'fast-check';
import { expect, test } from 'vitest';

import {
  ALL_CAPABILITIES,
  CAPABILITIES,
  capabilityNames,
  declaredCapabilities,
  DOCKER_DEFAULT,
  parseCapabilityMask,
} from './capabilities.ts';

test("Docker's default set is the mask that the kernel shows for a plain container", () => {
  // CapBnd of `docker run busybox` on Docker 20.10.
  expect(DOCKER_DEFAULT).toBe(0xa80425fbn);
  expect(ALL_CAPABILITIES).toBe(0x1ffffffffffn);
});

/** The same rules over sets of names, as the engine's documentation tells them. */
function naive(privileged: boolean, add: readonly string[], drop: readonly string[]): Set<string> {
  const all = new Set<string>(CAPABILITIES);
  if (privileged) return all;
  const plain = (names: readonly string[]) => names.map((name) => name.toUpperCase().replace('CAP_', ''));
  const [adding, dropping] = [plain(add), plain(drop)];
  if (adding.includes('ALL')) return new Set([...all].filter((name) => !dropping.includes(name)));
  if (dropping.includes('ALL')) return new Set(adding);
  return new Set([...capabilityNames(0xa80425fbn).filter((name) => !dropping.includes(name)), ...adding]);
}

const names = fc.subarray(['ALL', ...CAPABILITIES, 'CAP_SYS_ADMIN', 'net_raw', 'cap_mknod'], { maxLength: 6 });

test('additions and removals come to what the engine makes of them', () => {
  fc.assert(
    fc.property(fc.boolean(), names, names, (privileged, add, drop) => {
      expect(new Set(capabilityNames(declaredCapabilities({ privileged, add, drop })))).toEqual(
        naive(privileged, add, drop),
      );
    }),
  );
});

test('a mask that is none is refused', () => {
  expect(parseCapabilityMask('00000000a80425fb')).toBe(DOCKER_DEFAULT);
  for (const mask of ['', 'xyz', '-1', '0'.repeat(40)]) expect(parseCapabilityMask(mask)).toBeUndefined();
});

test('bits of a newer kernel are named by number', () => {
  expect(capabilityNames(1n << 45n)).toEqual(['CAP_45']);
});
