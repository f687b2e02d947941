import { holdsRuntimeSocket } from './docker/shared/paths.ts';
import type { Fail } from './outcome.ts';

/** One misconfiguration, one primary finding: `parent` explains `children` on the same target; they stay as evidence. */
interface Subsumption {
  readonly parent: string;
  /** Check ids; `.*` at the end stands for a family. */
  readonly children: readonly string[];
  /** What must hold beyond both being open. */
  readonly when?: (parent: Fail, child: Fail) => boolean;
}

/** The first parent that is open wins. `dkr.path.host_escape` swallows nothing: it is the path, the others are its causes. */
const SUBSUMPTIONS: readonly Subsumption[] = [
  {
    parent: 'dkr.privileged',
    children: ['dkr.caps.*', 'dkr.seccomp.*', 'dkr.paths.unmasked', 'dkr.device.*', 'dkr.mount.cgroup_rw'],
  },
  {
    parent: 'dkr.mount.host_root',
    children: ['dkr.mount.runtime_socket', 'dkr.mount.host_sensitive', 'dkr.mount.host_proc', 'dkr.mount.cgroup_rw'],
  },
  // Only where each of the sensitive directories is one that holds a socket: /etc beside /run is a finding of its own.
  {
    parent: 'dkr.mount.runtime_socket',
    children: ['dkr.mount.host_sensitive'],
    when: (socket, sensitive) => within(sensitive.mounts, viaDirectory(socket)),
  },
  ...['pid', 'net', 'ipc'].map((kind) => ({
    parent: `dkr.ns.${kind}.host`,
    children: ['dkr.ns.peer_shared'],
    when: (_: Fail, peer: Fail) => peer.normal?.every((shared) => shared === kind) ?? false,
  })),
];

function matchesFamily(id: string, pattern: string): boolean {
  return pattern.endsWith('.*') ? id.startsWith(pattern.slice(0, -1)) : id === pattern;
}

/** Which open check explains `id`, if one does. */
export function subsumerOf(id: string, failures: ReadonlyMap<string, Fail>): string | undefined {
  const child = failures.get(id);
  if (!child) return undefined;
  return SUBSUMPTIONS.find(({ parent, children, when }) => {
    const open = failures.get(parent);
    return (
      open !== undefined && children.some((pattern) => matchesFamily(id, pattern)) && (when?.(open, child) ?? true)
    );
  })?.parent;
}

/** Checks that may explain `id`, for the reference page. */
export function possibleSubsumers(id: string): readonly string[] {
  return [
    ...new Set(
      SUBSUMPTIONS.filter(({ children }) => children.some((pattern) => matchesFamily(id, pattern))).map(
        ({ parent }) => parent,
      ),
    ),
  ];
}

/** Destinations of the binds whose source is a directory with a socket in it; `normal` begins with the source. */
function viaDirectory(socket: Fail): readonly string[] {
  return (socket.normal ?? []).flatMap((mount, i) => {
    const destination = socket.mounts?.[i];
    const source = mount.slice(0, mount.indexOf('>'));
    return destination !== undefined && holdsRuntimeSocket(source) ? [destination] : [];
  });
}

function within(some: readonly string[] | undefined, all: readonly string[]): boolean {
  return (some ?? []).length > 0 && (some ?? []).every((one) => all.includes(one));
}
