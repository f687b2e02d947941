import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { openArchive } from '@seatrial/archive';

import type { FreshArchive, OpenFresh } from './describe-archive.ts';

/** A SQLite archive in a folder of its own. */
export const freshSqlite: OpenFresh = async (options) => {
  const folder = await mkdtemp(join(tmpdir(), 'seatrial-archive-'));
  return freshAt(`sqlite:${join(folder, 'archive.db')}`, options, () => rm(folder, { recursive: true, force: true }));
};

/** Opens `url`, and removes it with `remove` in the end. */
export async function freshAt(
  url: string,
  options: Parameters<OpenFresh>[0],
  remove: () => Promise<unknown>,
): Promise<FreshArchive> {
  const archive = await openArchive(url, options);
  const opened = [archive];
  return {
    archive,
    reopen: async () => {
      await opened.at(-1)?.close();
      const again = await openArchive(url, options);
      opened.push(again);
      return again;
    },
    async [Symbol.asyncDispose]() {
      for (const each of opened) await each.close();
      await remove();
    },
  };
}
