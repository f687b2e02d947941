import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { busyboxImageTar } from './busybox-image.ts';
import { tarOf } from './tar.ts';

test('another program reads the archive: types, modes, owners, links and contents', () => {
  const archive = tarOf([
    { kind: 'directory', path: 'bin', mode: 0o755 },
    { kind: 'file', path: 'bin/tool', mode: 0o750, content: Buffer.from('x'.repeat(700)) },
    { kind: 'symlink', path: 'bin/alias', target: 'tool' },
  ]);
  const listing = execFileSync('tar', ['--numeric-owner', '--utc', '-tvf', '-'], { input: archive, encoding: 'utf8' });
  expect(
    listing
      .trim()
      .split('\n')
      .map((line) => line.replaceAll(/\s+/g, ' ')),
  ).toEqual([
    'drwxr-xr-x 0/0 0 1970-01-01 00:00 bin/',
    '-rwxr-x--- 0/0 700 1970-01-01 00:00 bin/tool',
    'lrwxrwxrwx 0/0 0 1970-01-01 00:00 bin/alias -> tool',
  ]);
  const content = execFileSync('tar', ['-xOf', '-', 'bin/tool'], { input: archive, encoding: 'utf8' });
  expect(content).toBe('x'.repeat(700));
});

test('a name that does not fit is refused instead of cut', () => {
  expect(() => tarOf([{ kind: 'symlink', path: 'a', target: 'b'.repeat(101) }])).toThrow('longer than 100 bytes');
});

test('the same busybox gives the same image', () => {
  const image = (): Buffer =>
    busyboxImageTar(Buffer.from('binary'), ['sh', 'busybox', 'sleep'], { 'www/index.html': 'hello' });
  expect(image().equals(image())).toBe(true);
  const names = execFileSync('tar', ['-tf', '-'], { input: image(), encoding: 'utf8' }).split('\n');
  expect(names).toEqual(
    expect.arrayContaining(['bin/busybox', 'bin/sh', 'bin/sleep', 'etc/passwd', 'tmp/', 'www/index.html']),
  );
  expect(names.filter((name) => name === 'bin/busybox')).toHaveLength(1);
});
