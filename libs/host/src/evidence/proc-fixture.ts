import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A made-up procfs and sysfs in a temporary directory, for what a real kernel cannot be asked to show. */
export interface ProcFixture extends Disposable {
  readonly root: string;
  /** Writes a file below the root; a text that begins with `->` makes a link to what follows. */
  write(path: string, text: string): void;
  remove(path: string): void;
}

/** Makes the tree; keys are paths below its root. `{root}` in a text stands for that root. */
export function procFixture(files: Readonly<Record<string, string>>): ProcFixture {
  const root = mkdtempSync(join(tmpdir(), 'seatrial-proc-'));
  const fixture: ProcFixture = {
    root,
    write(path, text) {
      const at = join(root, path);
      mkdirSync(dirname(at), { recursive: true });
      if (text.startsWith('->')) symlinkSync(text.slice(2), at);
      else writeFileSync(at, text.replaceAll('{root}', root));
    },
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
  for (const [path, text] of Object.entries(files)) fixture.write(path, text);
  return fixture;
}

/** A `/proc/<pid>/stat` line with the two fields that are read. */
export function statLine(pid: number, name: string, parentPid: number, startTicks: number): string {
  const fields = ['S', String(parentPid), ...Array.from({ length: 17 }, () => '0'), String(startTicks), '0', '0'];
  return `${pid} (${name}) ${fields.join(' ')}\n`;
}

/** The files below `/proc/<pid>/ns`; processes with the same number share all of them but those named in `others`. */
export function namespaceLinks(
  pid: number,
  number: number,
  others: Readonly<Record<string, string>> = {},
): Record<string, string> {
  const kinds = ['pid', 'net', 'ipc', 'uts', 'mnt', 'user', 'cgroup'];
  return Object.fromEntries(
    kinds.map((kind, i) => [`proc/${pid}/ns/${kind}`, `->${others[kind] ?? `${kind}:[${number + i}]`}`]),
  );
}
