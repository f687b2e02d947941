import type { DeclaredMount } from '../../../facts/mounts.ts';

/** `path` is `base` or lies below it. Both are tidy absolute paths. */
export function isWithin(path: string, base: string): boolean {
  return base === '/' || path === base || path.startsWith(`${base}/`);
}

export function isBind(mount: DeclaredMount): boolean {
  return mount.type === 'bind';
}

/** Sockets over which whoever can write to them becomes root on the host. */
const RUNTIME_SOCKETS = [
  '/run/docker.sock',
  '/run/docker/containerd/containerd.sock',
  '/run/containerd/containerd.sock',
  '/run/k3s/containerd/containerd.sock',
  '/run/crio/crio.sock',
  '/run/podman/podman.sock',
  '/run/buildkit/buildkitd.sock',
  '/run/cri-dockerd.sock',
  '/run/dockershim.sock',
] as const;

/** Sockets of rootless engines, one a user. */
const USER_SOCKETS =
  /^\/run\/user\/\d+\/(?:docker\.sock|podman\/podman\.sock|containerd\/containerd\.sock|containerd-rootless\/api\.sock|buildkit(?:-default)?\/buildkitd\.sock)$/;

export function isRuntimeSocket(path: string): boolean {
  return (RUNTIME_SOCKETS as readonly string[]).includes(path) || USER_SOCKETS.test(path);
}

/** A directory (other than `/`) in which such a socket lies. */
export function holdsRuntimeSocket(path: string): boolean {
  if (path === '/') return false;
  return (
    RUNTIME_SOCKETS.some((socket) => socket.startsWith(`${path}/`)) ||
    /^\/run\/user(?:\/\d+(?:\/podman|\/containerd|\/containerd-rootless|\/buildkit(?:-default)?)?)?$/.test(path)
  );
}

const SENSITIVE = [
  '/boot',
  '/dev',
  '/etc',
  '/sys',
  '/usr',
  '/bin',
  '/sbin',
  '/root',
  '/home',
  '/run',
  '/var/lib/docker',
  '/var/lib/kubelet',
  '/var/lib/containerd',
  '/var/log',
  '/var/spool/cron',
] as const;

/** Equal to or below a part of the host that holds secrets, programs, devices, logs or the state of the engine. */
export function isSensitive(path: string): boolean {
  return SENSITIVE.some((base) => isWithin(path, base)) || /^\/lib[^/]*(?:\/|$)/.test(path);
}

export const CGROUP_ROOT = '/sys/fs/cgroup';

/** What a mount is, for evidence: source, mode and destination. */
export function describeMount(mount: DeclaredMount): string {
  return `${mount.realSource} at ${mount.destination}${mount.writable ? '' : ' (read-only)'}`;
}

/** The part of a mount that stays the same for every incarnation. */
export function normalMount(mount: DeclaredMount): string {
  return `${mount.realSource}>${mount.destination}:${mount.writable ? 'rw' : 'ro'}`;
}
