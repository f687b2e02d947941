import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where things of this checkout are. All paths are absolute. */
export interface Layout {
  /** The checkout. */
  readonly root: string;
  /** What one plane keeps: keys, logs, archive, the state of the running `up`. `SEATRIAL_DATA`, else `.seatrial` of the checkout. */
  readonly data: string;
  /** Fetched and built tools; shared by all planes of the checkout. */
  readonly tools: string;
  readonly keys: string;
  readonly logs: string;
  readonly archive: string;
  /** Broker configuration and store of the running plane. */
  readonly run: string;
  /** Who runs this plane, as JSON; absent when nobody does. */
  readonly runFile: string;
  /** Held by the supervisor of this plane for its whole life. */
  readonly lock: string;
}

/** The layout of the checkout that the launcher named (`SEATRIAL_ROOT`), else of the one this file stands in. */
export function layoutOf(env: Readonly<Record<string, string | undefined>>): Layout {
  const root = env.SEATRIAL_ROOT ?? checkoutAbove(dirname(fileURLToPath(import.meta.url)));
  const data = resolve(env.SEATRIAL_DATA || join(root, '.seatrial'));
  return {
    root,
    data,
    tools: join(root, '.seatrial', 'tools'),
    keys: join(data, 'keys'),
    logs: join(data, 'logs'),
    archive: join(data, 'archive'),
    run: join(data, 'run'),
    runFile: join(data, 'run.json'),
    lock: join(data, 'up.lock'),
  };
}

function checkoutAbove(directory: string): string {
  const parent = dirname(directory);
  return existsSync(join(directory, 'seatrial')) || parent === directory ? directory : checkoutAbove(parent);
}
