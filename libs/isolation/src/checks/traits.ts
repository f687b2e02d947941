import type { FactDocument } from '../facts/document.ts';
import { ALL_CAPABILITIES, declaredCapabilities, type CapabilitySet } from '../facts/capabilities.ts';
import { isKnown, mapFact, valueOr, type Fact } from '../facts/fact.ts';
import type { EngineFacts } from '../facts/engine.ts';
import type { DeclaredMount } from '../facts/mounts.ts';
import { isLoopback } from '../facts/ports.ts';
import { believe, declaredOnly, isBelief, truth, type Belief, type Ignorance, type Truth } from './belief.ts';

/** Conclusions about one target that several checks and the escape rules share. */
export interface Traits {
  readonly privileged: Truth;
  /** Effective uid 0 on the host. */
  readonly root: Belief<boolean> | Ignorance;
  /** Bounding set. */
  readonly capabilities: Belief<CapabilitySet> | Ignorance;
  /** Mounts of directories and files of the host. */
  readonly binds: Belief<readonly DeclaredMount[]> | Ignorance;
  /** A user namespace maps its root to somebody else on the host. */
  readonly remapped: Truth;
  /** Something outside this machine can open a connection to it. */
  readonly exposed: boolean;
  /** What stands between it and the kernel of the host. */
  readonly sandbox: 'none' | 'gvisor' | 'kata';
}

export function traitsOf(document: FactDocument, engine: EngineFacts): Traits {
  const { declared, effective } = document;
  const remapped = isRemapped(document, engine);
  return {
    privileged: truth(declaredOnly(declared.privileged), (value) => value),
    root: believe(
      document,
      mapFact(effective.uid, (uid) => uid === 0),
      // Under a remap the root of the container is not the root of the host.
      mapFact(declared.user, (user) => user.root && remapped !== true),
    ),
    capabilities: believe(document, effective.capabilities, configuredCapabilities(document)),
    binds: declaredOnly(mapFact(declared.mounts, (mounts) => mounts.filter((mount) => mount.type === 'bind'))),
    remapped,
    exposed: isExposed(document),
    sandbox: sandboxOf(valueOr(declared.runtime, '')),
  };
}

/** What `--cap-add`, `--cap-drop` and `--privileged` come to. */
function configuredCapabilities({ declared }: FactDocument): Fact<CapabilitySet> {
  const { privileged, capAdd, capDrop } = declared;
  if (!isKnown(privileged)) return privileged;
  if (privileged.value) return { value: ALL_CAPABILITIES, ref: privileged.ref };
  if (!isKnown(capAdd)) return capAdd;
  if (!isKnown(capDrop)) return capDrop;
  const set = declaredCapabilities({ privileged: false, add: capAdd.value, drop: capDrop.value });
  return { value: set, ref: capAdd.ref, ...(capAdd.truncated || capDrop.truncated ? { truncated: true } : {}) };
}

function isRemapped({ declared, effective, hasProcess, observed }: FactDocument, engine: EngineFacts): Truth {
  if (hasProcess && observed) {
    if (!isKnown(effective.uidMap)) return undefined;
    const [first] = effective.uidMap.value;
    return first !== undefined && first.outside !== 0;
  }
  if (!isKnown(engine.remapsUsers) || !isKnown(declared.usernsMode)) return undefined;
  return engine.remapsUsers.value && declared.usernsMode.value !== 'host';
}

function isExposed({ declared }: FactDocument): boolean {
  const network = valueOr(declared.networkMode, '');
  if (network === 'host') return true;
  // The engine does not publish ports of a container that has no network of its own.
  if (network === 'none' || network.startsWith('container:')) return false;
  return valueOr(declared.ports, []).some((port) => !isLoopback(port.hostIp));
}

function sandboxOf(runtime: string): Traits['sandbox'] {
  if (/runsc|gvisor/i.test(runtime)) return 'gvisor';
  return /kata/i.test(runtime) ? 'kata' : 'none';
}

/** The set, or undefined when nothing at all is known of it. */
export function capabilitiesOf(traits: Traits): CapabilitySet | undefined {
  return isBelief(traits.capabilities) ? traits.capabilities.value : undefined;
}
