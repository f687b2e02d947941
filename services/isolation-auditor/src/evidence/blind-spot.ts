import type { SeatrialError } from '@seatrial/contracts';
import {
  isKnown,
  whyMissing,
  type EffectiveFacts,
  type Fact,
  type FactDocument,
  type Missing,
} from '@seatrial/isolation';

import { NamespaceReferenceUnreadable, ProcessesDenied } from '../errors.ts';
import type { Surroundings } from './engine-reader.ts';

/** Namespaces whose checks need the reference. */
const COMPARED = ['pid', 'net', 'ipc', 'uts'] as const;

/**
 * What the kernel does not let us see although it should: verdicts that rest on it are unknown, and somebody must be told once, not once a container. Undefined on an engine
 * whose processes nobody reads: there the configuration is all the evidence there is, by design.
 */
export function blindSpotOf({ host }: Surroundings, documents: Iterable<FactDocument>): SeatrialError | undefined {
  const observed = [...documents].filter((document) => document.observed && document.hasProcess);
  if (observed.length === 0) return undefined;
  const denied = observed.flatMap(({ effective }) => refusalsOf(effective).slice(0, 1));
  const [refusal] = denied;
  if (refusal !== undefined) return new ProcessesDenied(host.name, denied.length, whyMissing(refusal));
  const unread = COMPARED.flatMap((kind) => missingOf(host.namespaces[kind]));
  const [first] = unread;
  if (first === undefined || unread.length < COMPARED.length) return undefined;
  return new NamespaceReferenceUnreadable(host.name, whyMissing(first));
}

/** What the kernel refused to show of a process, told by one fact of each kind of file. */
function refusalsOf({ noNewPrivileges, namespaces, mounts }: EffectiveFacts): readonly Missing[] {
  const facts: readonly Fact<unknown>[] = [noNewPrivileges, namespaces.pid, mounts];
  return facts.flatMap(missingOf).filter(({ missing }) => missing === 'denied');
}

function missingOf(fact: Fact<unknown>): readonly Missing[] {
  return isKnown(fact) ? [] : [fact];
}
