import { type TarEntry, tarOf } from './tar.ts';

/** Directories of the image; a bare busybox has none, and `docker run` mounts over some of them. */
const DIRECTORIES = ['bin', 'dev', 'etc', 'proc', 'root', 'run', 'sys', 'tmp', 'var', 'var/log', 'www'];

const PASSWD = 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\napp:x:1000:1000:app:/:/bin/sh\n';
const GROUP = 'root:x:0:\nnogroup:x:65534:\napp:x:1000:\n';

/**
 * The root file system of a small image that needs no image registry: one static busybox and a link for each of its applets (without them it has not even `sleep`),
 * users root, nobody and app (1000). Further files go in as they are. Deterministic.
 * @param busybox the binary, e.g. `/bin/busybox` of Debian's busybox-static
 * @param applets what `busybox --list` prints
 */
export function busyboxImageTar(
  busybox: Buffer,
  applets: readonly string[],
  files: Readonly<Record<string, string>> = {},
): Buffer {
  const entries: TarEntry[] = [
    ...DIRECTORIES.map((path): TarEntry => ({ kind: 'directory', path, mode: path === 'tmp' ? 0o1777 : 0o755 })),
    { kind: 'file', path: 'bin/busybox', mode: 0o755, content: busybox },
    ...applets
      .filter((name) => name !== 'busybox')
      .map((name): TarEntry => ({ kind: 'symlink', path: `bin/${name}`, target: 'busybox' })),
    ...Object.entries({ 'etc/passwd': PASSWD, 'etc/group': GROUP, ...files }).map(([path, text]): TarEntry => ({
      kind: 'file',
      path,
      mode: 0o644,
      content: Buffer.from(text),
    })),
  ];
  return tarOf(entries);
}
