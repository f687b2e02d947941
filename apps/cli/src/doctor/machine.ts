import { formatBytes } from '@seatrial/report';

import { fail, isUnread, ok, warn, type CheckResult, type Unread } from './check.ts';

const MIB = 1024 * 1024;
/** An archive of a day of one busy engine is some 300 MB; below this `up` would stop acknowledging soon. */
const ENOUGH_BYTES = 2048 * MIB;
const TOO_LITTLE_BYTES = 200 * MIB;
/** Findings are dated and streams age by the clock: a second of difference is visible, five are confusing. */
const SKEW_MS = 2000;

export function checkNode(version: string): CheckResult {
  const major = Number.parseInt(version, 10);
  return major >= 24
    ? ok('node', `Node ${version}`)
    : fail(
        'node',
        `Node ${version} is older than 24`,
        './seatrial brings its own: start through it, or install Node 24 or newer',
      );
}

/** @param found first line that `go version` prints, undefined when there is no Go */
export function checkGo(found: string | undefined): CheckResult {
  return found === undefined
    ? warn('go', 'no Go compiler: tests that need the nats CLI or FerretDB are skipped', 'apt-get install -y golang')
    : ok('go', found);
}

/** @param path the static busybox, undefined when it is missing */
export function checkBusybox(path: string | undefined): CheckResult {
  return path === undefined
    ? warn(
        'busybox',
        'no static busybox: the demo and tests make their image from it',
        'apt-get install -y busybox-static',
      )
    : ok('busybox', path);
}

/** @param version of the control groups: `1`, `2`, or `1 and 2` where controllers are split */
export function checkCgroup(version: '1' | '2' | '1 and 2' | Unread): CheckResult {
  return isUnread(version)
    ? warn(
        'cgroup',
        `control groups cannot be read: ${version.unread}; container metrics come from the engine alone`,
        'cgroupfs-mount',
      )
    : ok('cgroup', `version ${version}`);
}

/** @param pressure whether `/proc/pressure/cpu` can be read */
export function checkPressure(pressure: true | Unread): CheckResult {
  return isUnread(pressure)
    ? warn('pressure', `no pressure figures: ${pressure.unread}`, 'boot the kernel with psi=1 (Linux 4.20 or newer)')
    : ok('pressure', 'the kernel reports stalls (PSI)');
}

/** @param freeBytes free for this user where `directory` is */
export function checkDisk(directory: string, freeBytes: number): CheckResult {
  const text = `${formatBytes(freeBytes)} free for ${directory}`;
  if (freeBytes < TOO_LITTLE_BYTES)
    return fail('disk', text, `free disk space: at least ${TOO_LITTLE_BYTES / MIB} MiB, better ${ENOUGH_BYTES / MIB}`);
  return freeBytes < ENOUGH_BYTES
    ? warn('disk', text, `free disk space: a few days of history want ${ENOUGH_BYTES / MIB} MiB`)
    : ok('disk', text);
}

/** @param readable key files that others than their owner may read */
export function checkKeys(count: number, readable: readonly string[]): CheckResult {
  if (readable.length > 0)
    return fail('keys', `others may read ${readable.join(', ')}`, `chmod 600 ${readable.join(' ')}`);
  return ok('keys', count === 0 ? 'none yet: `up` makes them' : `${count} key files, only for their owner`);
}

/** @param skewMs clock of the engine minus the clock here, ms; undefined when no engine tells its time */
export function checkClock(skewMs: number | undefined): CheckResult {
  if (skewMs === undefined) return ok('clock', 'no other clock to compare with');
  const text = `the clock of the engine differs by ${(Math.abs(skewMs) / 1000).toFixed(1)} s`;
  return Math.abs(skewMs) > SKEW_MS
    ? warn('clock', text, 'timedatectl set-ntp true (on both machines)')
    : ok('clock', text);
}
