import { parseCapabilityMask, type CapabilitySet } from './capabilities.ts';
import { known, mapFact, missing, type Fact, type MissingReason } from './fact.ts';
import { namespaceFact, type NamespaceId } from './host-reference.ts';
import { LIMITS } from './limits.ts';
import {
  NAMESPACE_KINDS,
  type MountEntry,
  type NamespaceKind,
  type ProcessEvidence,
  type Reading,
  type UidRange,
} from './process-evidence.ts';

/** What the kernel says about the first process of a container. */
export interface EffectiveFacts {
  readonly uid: Fact<number>;
  readonly groups: Fact<readonly number[]>;
  readonly capabilities: Fact<CapabilitySet>;
  readonly noNewPrivileges: Fact<boolean>;
  /** 0 off, 1 strict, 2 filter. */
  readonly seccompMode: Fact<number>;
  readonly namespaces: Readonly<Record<NamespaceKind, Fact<NamespaceId>>>;
  readonly mounts: Fact<readonly MountEntry[]>;
  readonly uidMap: Fact<readonly UidRange[]>;
  readonly oomScoreAdj: Fact<number>;
  /** Bytes; null = unlimited. */
  readonly memoryLimit: Fact<number | null>;
  readonly pidsLimit: Fact<number | null>;
  readonly deviceRules: Fact<readonly string[]>;
}

/** From here on a limit of memory is none: cgroup v1 writes the largest multiple of the page size below 2^63. */
const NO_MEMORY_LIMIT = 2 ** 60;

/** Normalises what the reader of `/proc` and cgroup files delivers. Values that cannot be right become missing facts. */
export function effectiveFromEvidence(evidence: ProcessEvidence): EffectiveFacts {
  return {
    uid: whole(evidence.effectiveUid),
    groups: evidence.groups,
    capabilities: capabilities(evidence.capBnd),
    noNewPrivileges: mapFact(whole(evidence.noNewPrivs), (flag) => flag === 1),
    seccompMode: whole(evidence.seccomp),
    namespaces: namespaces((kind) => namespaceFact(evidence.namespaces[kind])),
    mounts: mounts(evidence.mountinfo),
    uidMap: evidence.uidMap,
    oomScoreAdj: evidence.oomScoreAdj,
    memoryLimit: mapFact(evidence.memoryLimitBytes, (bytes) =>
      bytes === null || bytes >= NO_MEMORY_LIMIT ? null : bytes,
    ),
    pidsLimit: evidence.pidsLimit,
    deviceRules: evidence.deviceRules,
  };
}

/** All evidence of the kernel missing for one reason: nobody reads `/proc` on that host (`unsupported`), or the read failed as a whole. */
export function effectiveMissing(reason: MissingReason, detail?: string): EffectiveFacts {
  const gone = missing(reason, detail);
  return {
    uid: gone,
    groups: gone,
    capabilities: gone,
    noNewPrivileges: gone,
    seccompMode: gone,
    namespaces: namespaces(() => gone),
    mounts: gone,
    uidMap: gone,
    oomScoreAdj: gone,
    memoryLimit: gone,
    pidsLimit: gone,
    deviceRules: gone,
  };
}

function namespaces(
  of: (kind: NamespaceKind) => Fact<NamespaceId>,
): Readonly<Record<NamespaceKind, Fact<NamespaceId>>> {
  return Object.fromEntries(NAMESPACE_KINDS.map((kind) => [kind, of(kind)])) as Record<
    NamespaceKind,
    Fact<NamespaceId>
  >;
}

function whole(reading: Reading<number>): Fact<number> {
  if ('missing' in reading) return reading;
  return Number.isSafeInteger(reading.value) ? reading : missing('unsupported', 'not a whole number', reading.ref);
}

function capabilities(reading: Reading<string>): Fact<CapabilitySet> {
  if ('missing' in reading) return reading;
  const set = parseCapabilityMask(reading.value);
  return set === undefined ? missing('unsupported', 'not a capability mask', reading.ref) : known(set, reading.ref);
}

/** A container whose mount table is huge (a bind of the whole host among hundreds of containers) is judged by its first entries; the rest is unknown. */
function mounts(reading: Reading<readonly MountEntry[]>): Fact<readonly MountEntry[]> {
  if ('missing' in reading || reading.value.length <= MOUNT_TABLE) return reading;
  return { value: reading.value.slice(0, MOUNT_TABLE), ref: reading.ref, truncated: true };
}

const MOUNT_TABLE = 16 * LIMITS.listEntries;
