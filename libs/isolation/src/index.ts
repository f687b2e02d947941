export { MalformedInspect, UnknownCheck } from './errors.ts';

export {
  isKnown,
  known,
  mapFact,
  missing,
  whyMissing,
  type Fact,
  type Known,
  type Missing,
  type MissingReason,
} from './facts/fact.ts';
export {
  NAMESPACE_KINDS,
  type MountEntry,
  type NamespaceKind,
  type ProcessEvidence,
  type Reading,
  type UidRange,
} from './facts/process-evidence.ts';
export { factDocument, type DocumentOptions, type FactDocument } from './facts/document.ts';
export { effectiveFromEvidence, effectiveMissing, type EffectiveFacts } from './facts/effective.ts';
export type { DeclaredFacts } from './facts/declared.ts';
export { engineFacts, type EngineFacts } from './facts/engine.ts';
export { hostReference, type HostReference, type NamespaceId } from './facts/host-reference.ts';
export { PeerIndex, sameTrustDomain, SHARED_KINDS, type SharedKind } from './facts/peer-index.ts';
export { bindSources } from './facts/bind-sources.ts';

export { checkById, DOCKER_CHECKS, matchesGlob, selectChecks } from './checks/catalogue.ts';
export { defineCheck, type AllowLists, type Check, type CheckInput } from './checks/define.ts';
export { checkPage, checkRow, checkRows, type CheckRow } from './checks/page.ts';
export type { Cite, Fail, Fault, Outcome } from './checks/outcome.ts';
export { possibleSubsumers } from './checks/subsumption.ts';
export { ESCAPE_RULES, type EscapeRule } from './escape/rules.ts';

export { audit, type AuditContext, type TargetAudit, type Verdict } from './audit/audit.ts';
export { auditAll, currentIncarnations } from './audit/audit-all.ts';
export { auditInspectFile, type FileAudit, type Unaudited } from './audit/inspect-file.ts';
export { auditReport, type AuditReport } from './audit/report.ts';
export { groupsOf } from './audit/group.ts';
export { severityRank } from './audit/severity.ts';
export { summarise, targetVerdict, unknownReasons } from './audit/summary.ts';

export { explainVerdict } from './findings/explain.ts';
export { findingOf, fingerprintOfVerdict, reportable, worstFirst, type Sightings } from './findings/finding.ts';
export { findingEventId } from './findings/fingerprint.ts';
export {
  markStale,
  reconcileFindings,
  resolveGone,
  type FindingChange,
  type FindingRecord,
  type Reconciled,
} from './findings/reconcile.ts';
