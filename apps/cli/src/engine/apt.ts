import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { lastLines, runCommand, type CommandResult } from '../process/command.ts';
import { which } from '../process/which.ts';
import { PackageInstallFailed } from './errors.ts';
import { administrationEnv } from './facts.ts';

export interface AptOptions {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly logsDirectory: string;
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The binary of Debian's package busybox-static: the images of tests and of the demo are made from it. */
export const BUSYBOX = '/bin/busybox';

/** What these recommend is not needed: pip would bring a whole compiler. The engine's recommendations mount its control groups. */
const SPARSE = new Set(['python3-pip', 'busybox-static']);

/** Whether this process may install packages: root, on Debian or a relative. */
export function mayInstall(env: AptOptions['env']): boolean {
  return process.getuid?.() === 0 && which('apt-get', administrationEnv(env)) !== undefined;
}

/**
 * Installs a Debian package without a question. An interrupt waits for its end: a package half unpacked is worse than a minute of patience.
 * @throws PackageInstallFailed with the installer's last lines, also where this user may not
 */
export async function installPackage(name: string, { env, logsDirectory, say, signal }: AptOptions): Promise<void> {
  mkdirSync(logsDirectory, { recursive: true });
  const logFile = join(logsDirectory, `apt-${name}.log`);
  const apt = (args: readonly string[]): Promise<CommandResult> =>
    runCommand('apt-get', args, {
      env: { ...administrationEnv(env), DEBIAN_FRONTEND: 'noninteractive' },
      logFile,
    });
  signal?.throwIfAborted();
  say(`installing ${name} (apt-get install -y ${name})`);
  // Without lists, or with old ones, the installation finds nothing; its own failure is the one worth showing.
  await apt(['update', '-q']);
  const extras = SPARSE.has(name) ? ['--no-install-recommends'] : [];
  const result = await apt(['install', '-y', '-q', ...extras, name]);
  signal?.throwIfAborted();
  if (!result.ok) throw new PackageInstallFailed(name, lastLines(result.output), logFile);
}
