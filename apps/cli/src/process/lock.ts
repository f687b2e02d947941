import { mkdir, readlink, rename, rm, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isRunning, markOf, type ProcessMark } from './mark.ts';
import { LockHeld } from './errors.ts';

export interface Lock extends AsyncDisposable {
  /** Gives the lock back; harmless when called again. */
  release(): Promise<void>;
}

export interface LockOptions {
  /** Give up after this long, ms. @default wait for ever */
  readonly timeoutMs?: number;
  /** Called once, when somebody else holds it. */
  readonly onWait?: (holder: ProcessMark) => void;
}

/**
 * Takes the lock at `path`, and waits for it. The lock is a dangling symbolic link that names its holder: made in one step, so it never
 * stands there without an owner, and the lock of a process that died is taken over. The launcher script uses the same form.
 * @throws LockHeld after `timeoutMs`
 */
export async function takeLock(path: string, options: LockOptions = {}): Promise<Lock> {
  const mine = markOf(process.pid) ?? `${process.pid}.`;
  const deadline = performance.now() + (options.timeoutMs ?? Number.POSITIVE_INFINITY);
  await mkdir(dirname(path), { recursive: true });
  for (let told = false; !(await tryLink(mine, path));) {
    const holder = await holderOf(path);
    if (holder === undefined) continue;
    if (!isRunning(holder)) {
      await breakLock(path, holder);
      continue;
    }
    if (performance.now() >= deadline) throw new LockHeld(path, holder);
    if (!told) options.onWait?.(holder);
    told = true;
    await delay(100);
  }
  let held = true;
  const release = async (): Promise<void> => {
    if (!held) return;
    held = false;
    if ((await holderOf(path)) === mine) await rm(path, { force: true });
  };
  return { release, [Symbol.asyncDispose]: release };
}

/** The living process that holds the lock at this path; undefined when nobody does. */
export async function livingHolder(path: string): Promise<ProcessMark | undefined> {
  const holder = await holderOf(path);
  return holder !== undefined && isRunning(holder) ? holder : undefined;
}

async function tryLink(mark: ProcessMark, path: string): Promise<boolean> {
  try {
    await symlink(mark, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** The mark in the lock; undefined when there is no lock. What is not a link is nobody's, and is broken like the lock of the dead. */
async function holderOf(path: string): Promise<ProcessMark | undefined> {
  try {
    return await readlink(path);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EINVAL' ? '' : undefined;
  }
}

/** Renaming decides between several who saw the same dead holder; whoever moved a living lock by accident puts it back. */
async function breakLock(path: string, dead: ProcessMark): Promise<void> {
  const aside = `${path}.${process.pid}`;
  try {
    await rename(path, aside);
  } catch {
    return;
  }
  const moved = await holderOf(aside);
  await rm(aside, { recursive: true, force: true });
  if (moved !== undefined && moved !== dead) await tryLink(moved, path);
}
