import { and, andThen, declaredOnly, or, truth, type Truth } from '../checks/belief.ts';
import type { CheckInput } from '../checks/define.ts';
import { opensEveryDevice } from '../checks/docker/shared/device-rules.ts';
import { isRawDevice } from '../checks/docker/shared/devices.ts';
import { reachesSocket, sensitiveGroups } from '../checks/docker/shared/groups.ts';
import { sharesHostPids } from '../checks/docker/shared/host-pid.ts';
import {
  CGROUP_ROOT,
  holdsRuntimeSocket,
  isRuntimeSocket,
  isSensitive,
  isWithin,
} from '../checks/docker/shared/paths.ts';
import { procSysWritable } from '../checks/docker/shared/proc-sys.ts';
import { openBinds } from '../checks/docker/shared/submounts.ts';
import { holds, type Capability } from '../facts/capabilities.ts';
import type { DeclaredMount } from '../facts/mounts.ts';

/** One way from a container to its host that needs no unknown vulnerability: an edge with an empty set of classes. */
export interface EscapeRule {
  /** Part of the finding's fingerprint. */
  readonly id: string;
  /** What the attacker does. */
  readonly step: string;
  /** The check whose remedy closes it. */
  readonly cut: string;
  /** Running as another user closes it as well. */
  readonly needsRoot: boolean;
  /** A privileged container has this anyway: no way of its own. */
  readonly impliedByPrivileged: boolean;
  holds(input: CheckInput): Truth;
}

function asRoot({ traits }: CheckInput): Truth {
  return truth(traits.root, (root) => root);
}

function bindsOne({ traits }: CheckInput, matches: (mount: DeclaredMount) => boolean): Truth {
  return truth(traits.binds, (binds) => binds.some(matches));
}

function holdsCapability({ traits }: CheckInput, name: Capability): Truth {
  return truth(traits.capabilities, (set) => holds(set, name));
}

/** Root, or a member of the group of the socket: whoever may write to it. */
function mayUseSocket(input: CheckInput): Truth {
  return or(asRoot(input), truth(sensitiveGroups(input), reachesSocket));
}

const mount = { needsRoot: true, impliedByPrivileged: false } as const;
const privilege = { needsRoot: false, impliedByPrivileged: true } as const;

const CAPABILITY_RULES: readonly EscapeRule[] = [
  {
    ...privilege,
    id: 'cap-sys-admin',
    step: 'mounts a cgroup or disk with SYS_ADMIN and runs a program on the host',
    cut: 'dkr.caps.dangerous',
    needsRoot: true,
    holds: (input) => and(holdsCapability(input, 'SYS_ADMIN'), asRoot(input)),
  },
  {
    ...privilege,
    id: 'cap-sys-module',
    step: 'loads a kernel module with SYS_MODULE',
    cut: 'dkr.caps.dangerous',
    holds: (input) => holdsCapability(input, 'SYS_MODULE'),
  },
  {
    ...privilege,
    id: 'cap-dac-read-search',
    step: 'opens files of the host by handle with DAC_READ_SEARCH',
    cut: 'dkr.caps.dangerous',
    holds: (input) => holdsCapability(input, 'DAC_READ_SEARCH'),
  },
  {
    ...privilege,
    id: 'cap-sys-ptrace-host-pid',
    step: 'takes over a process of the host with SYS_PTRACE in its PID namespace',
    cut: 'dkr.caps.dangerous',
    holds: (input) => andThen(holdsCapability(input, 'SYS_PTRACE'), () => sharesHostPids(input)),
  },
];

/** Every way that is known, the shortest to explain first. */
export const ESCAPE_RULES: readonly EscapeRule[] = [
  {
    id: 'privileged',
    step: 'uses the devices and capabilities of the host, which a privileged container holds',
    cut: 'dkr.privileged',
    needsRoot: false,
    impliedByPrivileged: false,
    holds: ({ traits }) => traits.privileged,
  },
  {
    ...mount,
    id: 'runtime-socket',
    step: 'starts a privileged container over the socket of the engine',
    cut: 'dkr.mount.runtime_socket',
    holds: (input) =>
      andThen(
        bindsOne(input, ({ realSource }) => isRuntimeSocket(realSource) || holdsRuntimeSocket(realSource)),
        () => mayUseSocket(input),
      ),
  },
  {
    ...mount,
    id: 'runtime-socket-in-root',
    step: 'starts a privileged container over the socket of the engine, which lies in the bound root directory (read-only or not)',
    cut: 'dkr.mount.host_root',
    holds: (input) =>
      andThen(
        bindsOne(input, ({ realSource }) => realSource === '/'),
        () => mayUseSocket(input),
      ),
  },
  {
    ...mount,
    id: 'host-root-rw',
    step: 'writes to the root directory of the host',
    cut: 'dkr.mount.host_root',
    holds: (input) =>
      andThen(
        bindsOne(input, ({ realSource, writable }) => realSource === '/' && writable),
        () => asRoot(input),
      ),
  },
  {
    ...mount,
    id: 'host-path-rw',
    step: 'writes to a sensitive directory of the host',
    cut: 'dkr.mount.host_sensitive',
    holds: (input) => andThen(bindsOne(input, isWritableWay), () => asRoot(input)),
  },
  {
    ...mount,
    id: 'host-proc-rw',
    step: "sets the core dump handler through the host's /proc",
    cut: 'dkr.mount.host_proc',
    holds: (input) =>
      andThen(
        bindsOne(input, ({ realSource, writable }) => writable && isWithin(realSource, '/proc')),
        () => asRoot(input),
      ),
  },
  {
    ...mount,
    id: 'host-proc-below-root',
    step: "sets the core dump handler through the host's /proc, which stays writable below the read-only root directory",
    cut: 'dkr.mount.host_root',
    holds: (input) =>
      andThen(
        bindsOne(input, ({ realSource, writable }) => realSource === '/' && !writable),
        () =>
          and(
            truth(openBinds(input.document, input.engine), (open) => open.some((bind) => bind.hostProc)),
            asRoot(input),
          ),
      ),
  },
  {
    ...privilege,
    id: 'proc-sys-rw',
    step: 'sets the core dump handler through its own unmasked /proc/sys',
    cut: 'dkr.paths.unmasked',
    needsRoot: true,
    holds: (input) =>
      and(
        truth(procSysWritable(input.document), (writable) => writable),
        asRoot(input),
      ),
  },
  ...CAPABILITY_RULES,
  {
    ...privilege,
    id: 'raw-device',
    step: 'writes to a disk or to the memory of the host',
    cut: 'dkr.device.host',
    holds: ({ declared }) => truth(declaredOnly(declared.devices), (devices) => devices.some(isRawDevice)),
  },
  {
    ...privilege,
    id: 'device-rule-mknod',
    step: 'makes the node of a disk with MKNOD and writes to it',
    cut: 'dkr.device.rule_wildcard',
    holds: (input) =>
      and(
        truth(opensEveryDevice(input), (open) => open),
        holdsCapability(input, 'MKNOD'),
      ),
  },
];

/** The cgroup file system is judged by the capability that it takes to use it. */
function isWritableWay({ realSource, writable }: DeclaredMount): boolean {
  return writable && isSensitive(realSource) && !isWithin(realSource, CGROUP_ROOT) && !isRuntimeSocket(realSource);
}

/** Whether one of its capabilities alone opens a way to the host. */
export function escapesByCapability(input: CheckInput): boolean {
  return CAPABILITY_RULES.some((rule) => rule.holds(input) === true);
}
