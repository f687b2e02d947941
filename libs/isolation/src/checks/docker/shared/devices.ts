/** Devices that every container has anyway. */
const HARMLESS = new Set(['/dev/null', '/dev/zero', '/dev/full', '/dev/random', '/dev/urandom', '/dev/tty']);

/** Names of block devices (disks, partitions, loop, device mapper and the like) and of those that show physical memory and ports. */
const RAW =
  /^\/dev\/(?:(?:sd|hd|vd|xvd|nvme\d+n|mmcblk|loop|dm-|md|sr|nbd|rbd|zd|ram|zram|fd|dasd|pmem|bcache|drbd)[^/]*|(?:mapper|disk|block|md|zvol)\/.+|k?mem|port)$/;

export function isHarmlessDevice(path: string): boolean {
  return HARMLESS.has(path);
}

/** A disk or the memory of the host: reading and writing it goes past every permission. */
export function isRawDevice(path: string): boolean {
  return RAW.test(path) && path !== '/dev/loop-control';
}

/** `a` alone, or a type with `*:*` and read or write access. */
const WILDCARD = /^\s*(?:a\s*$|[abc]\s+\*:\*\s+\w{0,2}[rw])/;

/** A cgroup device rule for every device of a type. The default rules `b *:* m` and `c *:* m` only let nodes be made, not opened. */
export function isWildcardRule(rule: string): boolean {
  return WILDCARD.test(rule);
}
