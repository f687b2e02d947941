import { z } from 'zod';

import { defineQuery } from '../define/contract.ts';
import { MAX_PAGE } from '../estate/queries.ts';
import {
  AuditMode,
  AuditScope,
  AuditSummary,
  CheckStatus,
  Confidence,
  Evidence,
  Finding,
  FindingState,
  FindingTarget,
  Platform,
  Severity,
  TargetVerdict,
} from './model.ts';

const query = { major: 1, owner: 'isolation-auditor', role: 'viewer' } as const;

/** Audits at most 100 targets and waits for the result. */
export const Audit = defineQuery({
  ...query,
  type: 'isolation.audit',
  role: 'operator',
  data: { scope: AuditScope, mode: AuditMode },
  reply: {
    summary: AuditSummary,
    targets: z.array(TargetVerdict),
    findings: z.array(Finding),
    cursor: z.string().exactOptional(),
  },
  doc: 'Synchronous audit; the first page of findings, worst first. `cursor` continues in `finding-list`.',
});

/** Findings, worst first. */
export const FindingList = defineQuery({
  ...query,
  type: 'isolation.finding-list',
  data: {
    cursor: z.string().max(1024).exactOptional(),
    limit: z.int().min(1).max(MAX_PAGE).exactOptional(),
    states: z.array(FindingState).max(2).exactOptional(),
    statuses: z.array(CheckStatus).max(5).exactOptional(),
    /** This severity and worse. */
    atLeast: Severity.exactOptional(),
    /** Globs over check ids. */
    checks: z.array(z.string().max(100)).max(100).exactOptional(),
    /** Ids, names or identities of targets. */
    targets: z.array(z.string().max(512)).max(MAX_PAGE).exactOptional(),
    /** Only findings that no other one subsumes. */
    primary: z.boolean().exactOptional(),
  },
  reply: {
    findings: z.array(Finding.extend({ state: FindingState })),
    total: z.int().min(0),
    cursor: z.string().exactOptional(),
    targets: z.array(TargetVerdict),
    summary: AuditSummary,
    /** End of the last audit of everything. */
    asOf: z.iso.datetime().exactOptional(),
  },
  doc: 'Open findings unless `states` says otherwise. `targets` come with the first page, and with the next ones where they are too many for it. A page that would pass 256 KiB is cut earlier.',
});

/** One finding with its history. */
export const FindingGet = defineQuery({
  ...query,
  type: 'isolation.finding-get',
  data: { fingerprint: z.string().min(4).max(64) },
  reply: {
    finding: Finding.extend({ state: FindingState }),
    history: z.array(
      z.object({
        at: z.iso.datetime(),
        state: FindingState,
        occurrence: z.int(),
        severity: Severity,
        reason: z.string().exactOptional(),
      }),
    ),
  },
  doc: 'By fingerprint or an unambiguous prefix.',
});

/** Why a check decides as it does for one target, passes included. */
export const Explain = defineQuery({
  ...query,
  type: 'isolation.explain',
  data: { checkId: z.string().min(1).max(100), target: z.string().min(1).max(512) },
  reply: {
    checkId: z.string(),
    target: FindingTarget,
    status: CheckStatus,
    severity: Severity,
    severityBase: Severity,
    confidence: Confidence,
    message: z.string(),
    declared: z.string().exactOptional(),
    effective: z.string().exactOptional(),
    evidence: z.array(Evidence),
    primary: z.boolean(),
    subsumedBy: z.string().exactOptional(),
    remedy: z.string(),
  },
  doc: 'Reads the evidence again. Fails with E-NOT-FOUND (details.nearest) for an unknown check or target.',
});

/** The catalogue of checks. */
export const CheckList = defineQuery({
  ...query,
  type: 'isolation.check-list',
  data: {},
  reply: {
    checks: z.array(
      z.object({
        id: z.string(),
        title: z.string(),
        severity: Severity,
        platform: Platform,
        why: z.string(),
        passesWhen: z.string(),
        remedy: z.string(),
        howToTest: z.string(),
        maps: z.array(z.string()),
        subsumedBy: z.array(z.string()),
      }),
    ),
  },
  doc: 'Every check with its reason, remedy and mappings.',
});
