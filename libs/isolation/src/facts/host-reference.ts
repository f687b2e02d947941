import { missing, type Fact } from './fact.ts';
import type { NamespaceKind, Reading } from './process-evidence.ts';

declare const namespaceId: unique symbol;
/** Text that names one namespace, e.g. `pid:[4026531836]`; never empty, because comparing with an empty reference would silently find nothing. */
export type NamespaceId = string & { readonly [namespaceId]: true };

/** The host beneath a container, as far as checks compare with it. */
export interface HostReference {
  /** Name of the machine or engine; part of every target's identity. */
  readonly name: string;
  /** Namespaces of the engine itself. */
  readonly namespaces: Readonly<Record<NamespaceKind, Fact<NamespaceId>>>;
  /** Groups that own the sockets of container runtimes. */
  readonly socketGids: readonly number[];
}

const UNREAD = 'the namespaces of the engine were not read';

/**
 * @param readings namespaces of the engine's own process (or of its shim), never those of the auditor; absent where nobody can read them
 */
export function hostReference(options: {
  name: string;
  namespaces?: Partial<Readonly<Record<NamespaceKind, Reading<string>>>>;
  socketGids?: readonly number[];
}): HostReference {
  const { namespaces = {} } = options;
  const of = (kind: NamespaceKind): Fact<NamespaceId> =>
    namespaceFact(namespaces[kind] ?? { missing: 'unsupported', detail: UNREAD });
  return {
    name: options.name,
    namespaces: {
      pid: of('pid'),
      net: of('net'),
      ipc: of('ipc'),
      uts: of('uts'),
      mnt: of('mnt'),
      user: of('user'),
      cgroup: of('cgroup'),
    },
    socketGids: options.socketGids ?? [],
  };
}

/** A namespace link that does not look like one is missing, not empty. */
export function namespaceFact(reading: Reading<string>): Fact<NamespaceId> {
  if ('missing' in reading) return reading;
  return isNamespaceId(reading.value)
    ? { value: reading.value, ref: reading.ref }
    : missing('unsupported', 'the link does not name a namespace', reading.ref);
}

function isNamespaceId(text: string): text is NamespaceId {
  return /^[a-z_]+:\[\d+\]$/.test(text);
}
