import { sha256 } from '../facts/digest.ts';
import type { FactDocument } from '../facts/document.ts';

/** Name of the group of targets with one platform, one configuration and the same failures, hex. */
export function groupIdOf(document: FactDocument, failing: readonly string[]): string {
  return sha256([document.platform, document.configHash, ...[...failing].sort()].join('\n')).slice(0, 32);
}

/** Members by group id. */
export function groupsOf<T extends { readonly groupId: string }>(
  audits: Iterable<T>,
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const audit of audits) {
    const members = groups.get(audit.groupId);
    if (members) members.push(audit);
    else groups.set(audit.groupId, [audit]);
  }
  return groups;
}
