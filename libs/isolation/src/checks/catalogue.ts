import { UnknownCheck } from '../errors.ts';
import type { Check } from './define.ts';
import { capsDangerous } from './docker/caps-dangerous.ts';
import { capsExtra } from './docker/caps-extra.ts';
import { capsNetRaw } from './docker/caps-net-raw.ts';
import { cgroupParent } from './docker/cgroup-parent.ts';
import { deviceHost } from './docker/device-host.ts';
import { deviceRuleWildcard } from './docker/device-rule-wildcard.ts';
import { groupSensitive } from './docker/group-sensitive.ts';
import { healthcheckMissing } from './docker/healthcheck-missing.ts';
import { limitCpu } from './docker/limit-cpu.ts';
import { limitMemory } from './docker/limit-memory.ts';
import { limitPids } from './docker/limit-pids.ts';
import { mountCgroupRw } from './docker/mount-cgroup-rw.ts';
import { mountHostPath } from './docker/mount-host-path.ts';
import { mountHostProc } from './docker/mount-host-proc.ts';
import { mountHostRoot } from './docker/mount-host-root.ts';
import { mountHostSensitive } from './docker/mount-host-sensitive.ts';
import { mountPropagation } from './docker/mount-propagation.ts';
import { mountRoSubmounts } from './docker/mount-ro-submounts.ts';
import { mountRuntimeSocket } from './docker/mount-runtime-socket.ts';
import { mountVolumeSharedRw } from './docker/mount-volume-shared-rw.ts';
import { nnpMissing } from './docker/nnp-missing.ts';
import { nsCgroupHostV2 } from './docker/ns-cgroup-host-v2.ts';
import { nsIpcHost } from './docker/ns-ipc-host.ts';
import { nsNetHost } from './docker/ns-net-host.ts';
import { nsPeerShared } from './docker/ns-peer-shared.ts';
import { nsPidHost } from './docker/ns-pid-host.ts';
import { nsUtsHost } from './docker/ns-uts-host.ts';
import { oomDisabled } from './docker/oom-disabled.ts';
import { oomScore } from './docker/oom-score.ts';
import { pathHostEscape } from './docker/path-host-escape.ts';
import { pathsUnmasked } from './docker/paths-unmasked.ts';
import { portPrivileged } from './docker/port-privileged.ts';
import { portWildcard } from './docker/port-wildcard.ts';
import { privileged } from './docker/privileged.ts';
import { restartUnbounded } from './docker/restart-unbounded.ts';
import { rootfsWritable } from './docker/rootfs-writable.ts';
import { seccompDisabled } from './docker/seccomp-disabled.ts';
import { seccompPermissive } from './docker/seccomp-permissive.ts';
import { secretEnv } from './docker/secret-env.ts';
import { sysctlUnsafe } from './docker/sysctl-unsafe.ts';
import { userRoot } from './docker/user-root.ts';
import { usernsHostMode } from './docker/userns-host-mode.ts';

/** The scored set for Docker containers, in the order of the reference. */
export const DOCKER_CHECKS: readonly Check[] = [
  privileged,
  userRoot,
  nnpMissing,
  capsDangerous,
  capsExtra,
  capsNetRaw,
  seccompDisabled,
  seccompPermissive,
  pathsUnmasked,
  nsPidHost,
  nsNetHost,
  nsIpcHost,
  nsUtsHost,
  nsCgroupHostV2,
  nsPeerShared,
  usernsHostMode,
  limitMemory,
  limitCpu,
  limitPids,
  oomDisabled,
  oomScore,
  cgroupParent,
  mountRuntimeSocket,
  mountHostRoot,
  mountHostProc,
  mountHostSensitive,
  mountHostPath,
  mountRoSubmounts,
  mountPropagation,
  mountCgroupRw,
  mountVolumeSharedRw,
  rootfsWritable,
  deviceHost,
  deviceRuleWildcard,
  sysctlUnsafe,
  portWildcard,
  portPrivileged,
  secretEnv,
  groupSensitive,
  restartUnbounded,
  healthcheckMissing,
  pathHostEscape,
];

const BY_ID: ReadonlyMap<string, Check> = new Map(DOCKER_CHECKS.map((check) => [check.id, check]));

/** @throws {UnknownCheck} naming the nearest ids */
export function checkById(id: string): Check {
  const check = BY_ID.get(id);
  if (!check) throw new UnknownCheck(id.slice(0, 100), nearestIds(id));
  return check;
}

/** Checks whose id matches one of the globs (`*` stands for anything, dots included); all when there are none. */
export function selectChecks(globs: readonly string[] | undefined): readonly Check[] {
  if (globs === undefined || globs.length === 0) return DOCKER_CHECKS;
  return DOCKER_CHECKS.filter((check) => globs.some((glob) => matchesGlob(check.id, glob)));
}

export function matchesGlob(id: string, glob: string): boolean {
  // Split instead of a pattern: the text comes from people, and this cannot backtrack.
  const [head = '', ...rest] = glob.split('*');
  if (rest.length === 0) return id === glob;
  if (!id.startsWith(head)) return false;
  let at = head.length;
  const tail = rest.pop() ?? '';
  for (const part of rest) {
    const found = id.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return id.length - tail.length >= at && id.endsWith(tail);
}

/** At most three ids that share the most with what was typed. */
function nearestIds(typed: string): readonly string[] {
  const words = new Set(
    typed
      .toLowerCase()
      .slice(0, 100)
      .split(/[._-]/)
      .filter((word) => word.length > 2 && word !== 'dkr'),
  );
  const scored = DOCKER_CHECKS.map((check) => ({
    id: check.id,
    score: check.id.split(/[._]/).filter((word) => words.has(word)).length,
  }));
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .slice(0, 3)
    .map(({ id }) => id);
}
