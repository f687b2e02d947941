import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The checkout whose launcher is tested. */
const ROOT = join(import.meta.dirname, '../../../..');

/** What the launcher may use of a machine; everything else a test puts on the PATH itself. */
const SYSTEM =
  'base64 cat chmod cksum cp cut dirname find grep gzip head id ln mkdir mv od readlink rm sed sha512sum sleep sh tail tar tr uname'.split(
    ' ',
  );

/** How a run of the launcher ended. */
export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly shell?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** The path that it is called by. @default that of the checkout */
  readonly script?: string;
  /** Called with everything it has printed on stderr so far. */
  readonly onStderr?: (text: string) => void;
}

/** A small checkout around the real launcher, on a machine that has only what the test gives it. */
export interface Checkout extends AsyncDisposable {
  readonly root: string;
  /** Puts a shell script on the PATH. `$LOG` in it is the file that `calls` reads. */
  program(name: string, script: string): Promise<void>;
  /** Lines that programs wrote to `$LOG`. */
  calls(): Promise<string[]>;
  run(args: readonly string[], options?: RunOptions): Promise<Run>;
}

/** Node as the launcher meets it: says that it is new, compiles and bundles what it is told to, and otherwise prints its arguments. */
export const NODE = `
echo "node $*" >>"$LOG"
case "$*" in
  *'versions.node'*) echo true ;;
  *typescript/bin/tsc*) : ;;
  *esbuild/bin/esbuild*) for a; do case $a in --outdir=*) mkdir -p "\${a#*=}"; : >"\${a#*=}/seatrial.mjs" ;; esac; done ;;
  *) echo "cli: $*" ;;
esac`;

/** npm that installs: it leaves the record that the real one leaves. */
export const NPM = `
echo "npm $*" >>"$LOG"
case "$1" in ci) mkdir -p node_modules; : >node_modules/.package-lock.json ;; *) exit 1 ;; esac`;

/** Makes the checkout; without dependencies and build, unless `prepared`. */
export async function checkout({ prepared = false } = {}): Promise<Checkout> {
  const base = await mkdtemp(join(tmpdir(), 'seatrial-launcher-'));
  const root = join(base, 'tree');
  const bin = join(base, 'bin');
  const log = join(base, 'calls');
  await mkdir(join(root, 'infra/tools/node'), { recursive: true });
  await Promise.all([
    mkdir(bin),
    mkdir(join(root, 'apps/cli/src'), { recursive: true }),
    mkdir(join(root, 'node_modules')),
  ]);
  await Promise.all(['contracts', 'libs', 'services'].map((name) => mkdir(join(root, name))));
  await copyFile(join(ROOT, 'seatrial'), join(root, 'seatrial'));
  for (const file of ['package-lock.json', 'tsconfig.base.json']) await writeFile(join(root, file), '{}');
  await writeFile(join(root, 'infra/tools/node/pins'), '');
  for (const name of SYSTEM) await symlink(systemPath(name), join(bin, name));

  const program = async (name: string, script: string): Promise<void> => {
    // Away first: what stands there may be a link to the machine's own program, and writing would follow it.
    await rm(join(bin, name), { force: true });
    await writeFile(join(bin, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(bin, name), 0o755);
  };
  if (prepared) {
    await program('node', NODE);
    await program('npm', NPM);
  }
  return {
    root,
    program,
    calls: async () => (existsSync(log) ? (await readFile(log, 'utf8')).trimEnd().split('\n') : []),
    run: (args, options = {}) => {
      const [shell, ...shellArgs] = (options.shell ?? '/bin/dash').split(' ');
      const child = spawn(shell ?? '', [...shellArgs, options.script ?? join(root, 'seatrial'), ...args], {
        cwd: options.cwd ?? root,
        env: { PATH: bin, LOG: log, ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      return new Promise((done, fail) => {
        let [stdout, stderr] = ['', ''];
        child.stdout.setEncoding('utf8').on('data', (chunk: string) => (stdout += chunk));
        child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
          stderr += chunk;
          options.onStderr?.(stderr);
        });
        child.once('error', fail);
        child.once('close', (code) => done({ code, stdout, stderr }));
      });
    },
    [Symbol.asyncDispose]: () => rm(base, { recursive: true, force: true }),
  };
}

/** Writes the archive of an npm package that holds a program `bin/node`, and pins its checksum. @returns the archive */
export async function pinnedNode(tree: Checkout, script: string): Promise<string> {
  const arch = process.arch === 'arm64' ? 'arm64' : 'x64';
  const content = join(tree.root, 'content');
  await mkdir(join(content, 'package/bin'), { recursive: true });
  await writeFile(join(content, 'package/bin/node'), `#!/bin/sh\n${script}\n`);
  await chmod(join(content, 'package/bin/node'), 0o755);
  const archive = join(tree.root, 'node.tgz');
  execFileSync('tar', ['-czf', archive, '-C', content, 'package']);
  const sum = createHash('sha512')
    .update(await readFile(archive))
    .digest('base64');
  await writeFile(join(tree.root, 'infra/tools/node/pins'), `# pins\nnode-linux-${arch} 24.21.0 sha512-${sum}\n`);
  return archive;
}

/** Makes a file newer than everything that was written before. */
export async function touchLater(file: string): Promise<void> {
  const later = new Date(Date.now() + 60_000);
  await utimes(file, later, later);
}

function systemPath(name: string): string {
  const path = ['/bin', '/usr/bin']
    .map((directory) => join(directory, name))
    .find((candidate) => existsSync(candidate));
  if (path === undefined) throw new Error(`this machine has no ${name}`);
  return path;
}
