import { expect, test } from 'vitest';
import { parseMountInfo } from './mountinfo.ts';

test('reads a line with optional fields, octal escapes and a source that says none', () => {
  const [entry] = parseMountInfo(
    '36 35 98:0 /with\\040space /mnt/a\\134b rw,noatime master:1 shared:7 - ext3 /dev/root rw,errors=continue\n',
  ) ?? [undefined];
  expect(entry).toEqual({
    device: '98:0',
    root: '/with space',
    mountPoint: '/mnt/a\\b',
    options: ['rw', 'noatime'],
    optional: ['master:1', 'shared:7'],
    fsType: 'ext3',
    source: '/dev/root',
    superOptions: ['rw', 'errors=continue'],
  });
});

test('a mount point named like the separator does not end the optional fields early', () => {
  const [entry] = parseMountInfo('36 35 0:1 / /- ro - tmpfs tmpfs rw\n') ?? [];
  expect(entry).toMatchObject({ mountPoint: '/-', fsType: 'tmpfs', optional: [] });
});

test('half a table is no table: a cut line or too many lines give nothing', () => {
  const line = '36 35 0:1 / /x ro - tmpfs tmpfs rw\n';
  expect(parseMountInfo(line.repeat(3), 3)).toHaveLength(3);
  expect(parseMountInfo(line.repeat(4), 3)).toBeUndefined();
  expect(parseMountInfo(`${line}36 35 0:1 / /cut`)).toBeUndefined();
});
