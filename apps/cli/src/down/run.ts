import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { removeDemoIfAny } from '../demo/remove.ts';
import type { Io } from '../io.ts';
import { layoutOf, type Layout } from '../layout.ts';
import { planeMembers } from '../plane/members.ts';
import { readRunState, removeRunState } from '../plane/run-state.ts';
import { endProcess } from '../process/detached.ts';
import { livingHolder } from '../process/lock.ts';

export interface DownOptions {
  /** Also remove the data folder: keys, archive, logs, tools, bus data. */
  readonly purge: boolean;
}

/** Longer than an ordered stop of services and broker takes at most. */
const SUPERVISOR_MS = 30_000;
const MEMBER_MS = 5000;

/** `down`: ends the plane of this checkout, removes what its demo made, and nothing else. Says what it did; nothing to do is no error. */
export async function run(options: DownOptions, io: Io): Promise<number> {
  const layout = layoutOf(io.env);
  const stopped = await stopPlane(layout);
  io.err(
    stopped === 0
      ? 'no process of this checkout runs\n'
      : `stopped: ${stopped === 1 ? '1 process' : `${stopped} processes`}\n`,
  );
  await removeDemoIfAny(layout, io);
  if (options.purge && existsSync(layout.data)) {
    await rm(layout.data, { recursive: true, force: true });
    io.err(`removed ${layout.data}\n`);
  }
  return 0;
}

/** Lets the supervisor take its plane down in order, then ends what is left. @returns how many processes ended */
async function stopPlane(layout: Layout): Promise<number> {
  const state = readRunState(layout.runFile);
  // The lock knows the supervisor from its first moment on, `run.json` a little later.
  const supervisor = await livingHolder(layout.lock);
  const before = new Set([...planeMembers(layout.data, state), ...(supervisor === undefined ? [] : [supervisor])]);
  if (supervisor !== undefined) await endProcess(supervisor, SUPERVISOR_MS);
  await Promise.all(planeMembers(layout.data, state).map((mark) => endProcess(mark, MEMBER_MS)));
  removeRunState(layout.runFile);
  return before.size;
}
