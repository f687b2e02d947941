import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { atMost, median, printFigures, reported } from '../figures.ts';

const ROUNDS = 15;
const BUNDLE = fileURLToPath(new URL('../../../apps/cli/dist/bundle/seatrial.mjs', import.meta.url));

/** CPU of one run of Node with these arguments and all its threads, ms. */
function cpuOf(args: readonly string[]): number {
  const timed = spawnSync(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; time "$@" >/dev/null 2>&1', 'bash', process.execPath, ...args],
    { encoding: 'utf8' },
  );
  const [user, system] = timed.stderr.trim().split(' ').map(Number);
  if (user === undefined || system === undefined || Number.isNaN(user + system))
    throw new Error(`cannot read the time of node ${args.join(' ')}: ${timed.stderr}`);
  return (user + system) * 1000;
}

/** Start-up of the command line beside bare Node, taken in turns so that a busy moment meets both. */
if (!existsSync(BUNDLE)) throw new Error('the launcher has not built the bundle yet: run ./seatrial --version first');
const lines = {
  bare: ['-e', '0'],
  help: [BUNDLE, '--help'],
  completion: [BUNDLE, 'complete', '--', 'get', 'hosts', ''],
  verb: [BUNDLE, 'get', 'hosts', '--bus', 'nats://127.0.0.1:1'],
};
const taken: Record<keyof typeof lines, number[]> = { bare: [], help: [], completion: [], verb: [] };
for (let round = 0; round < ROUNDS; round += 1) {
  for (const name of Object.keys(lines) as (keyof typeof lines)[]) taken[name].push(cpuOf(lines[name]));
}
const bare = median(taken.bare);
printFigures('cli', {
  'help-over-bare-node': atMost(median(taken.help) - bare, 60, 'ms CPU', bare),
  'completion-cpu': atMost(median(taken.completion), 300, 'ms CPU', bare),
  'bus-verb-cpu': reported(median(taken.verb), 'ms CPU', bare),
});
