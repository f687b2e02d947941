import { execFileSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const REMEDY = '`./seatrial tools nats-server` fetches it, or name a binary with SEATRIAL_NATS_SERVER.';

/** Path of a nats-server >= 2.11: `SEATRIAL_NATS_SERVER`, else what `./seatrial tools nats-server` put into the checkout, else the PATH. @throws when there is none */
export function findNatsServer(): string {
  const named = process.env['SEATRIAL_NATS_SERVER'];
  if (named !== undefined && named !== '') {
    if (!executable(named)) throw new Error(`SEATRIAL_NATS_SERVER names ${named}, which cannot be run. ${REMEDY}`);
    return named;
  }
  const kept = join(checkout(), '.seatrial', 'tools', 'nats-server', 'nats-server');
  const onPath = (process.env['PATH'] ?? '').split(delimiter).map((directory) => join(directory, 'nats-server'));
  const found = [kept, ...onPath].find((path) => executable(path) && isNewEnough(path));
  if (found === undefined) throw new Error(`no nats-server of version 2.11 or newer. ${REMEDY}`);
  return found;
}

function isNewEnough(path: string): boolean {
  const version = /(\d+)\.(\d+)\.\d+/.exec(execFileSync(path, ['--version'], { encoding: 'utf8' }));
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  return major > 2 || (major === 2 && minor >= 11);
}

/** The folder with the launcher, above this file. */
function checkout(): string {
  let directory = dirname(fileURLToPath(import.meta.url));
  while (!existsSync(join(directory, 'seatrial')) && dirname(directory) !== directory) directory = dirname(directory);
  return directory;
}

function executable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
