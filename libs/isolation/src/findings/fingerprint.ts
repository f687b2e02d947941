import { sha256 } from '../facts/digest.ts';

/**
 * Name of a finding over its life: check, target without container id, and what is wrong in words that do not change with the incarnation. A container that is re-created alike keeps its
 * history; other evidence is another finding.
 */
export function fingerprintOf(checkId: string, identity: string, normal: readonly string[]): string {
  return sha256(JSON.stringify([checkId, identity, ...[...normal].sort()]));
}

/** Message id of a state change: the same change published twice is dropped by the bus, and a reopened finding is not, because its occurrence is another. */
export function findingEventId(finding: {
  readonly fingerprint: string;
  readonly state: string;
  readonly occurrence: number;
}): string {
  return `${finding.fingerprint}/${finding.state}/${finding.occurrence}`;
}
