import type { FactDocument } from '../facts/document.ts';
import { PeerIndex } from '../facts/peer-index.ts';
import { audit, type AuditContext, type TargetAudit } from './audit.ts';

/** Audits all containers of one engine against one index of peers. */
export function auditAll(
  documents: readonly FactDocument[],
  context: Omit<AuditContext, 'peers'>,
): readonly TargetAudit[] {
  const peers = new PeerIndex(documents);
  return documents.map((document) => audit(document, { ...context, peers }));
}

/**
 * The one document of each identity that its findings are kept for. While a compose service is re-created two containers have one identity: one with a process comes before one without, then
 * the younger. The others are still audited and shown, but their verdicts must not open and resolve the findings of the first in turn.
 */
export function currentIncarnations<T extends { readonly document: FactDocument }>(audits: Iterable<T>): readonly T[] {
  const current = new Map<string, T>();
  for (const candidate of audits) {
    const best = current.get(candidate.document.identity);
    if (!best || isNewer(candidate.document, best.document)) current.set(candidate.document.identity, candidate);
  }
  return [...current.values()];
}

function isNewer(a: FactDocument, b: FactDocument): boolean {
  if (a.hasProcess !== b.hasProcess) return a.hasProcess;
  const [createdA = '', createdB = ''] = [a.createdAt, b.createdAt];
  return createdA === createdB ? a.id > b.id : createdA > createdB;
}
