import { z } from 'zod';

import { defineCommand, defineEvent, type DataOf } from '../define/contract.ts';
import { checkTokens, keyToken } from '../define/subject.ts';
import { AuditMode, AuditScope, AuditSummary, findingFields, FindingState, Platform } from './model.ts';

/** Audit containers now. Safe to repeat: `auditId` is the idempotency key. */
export const AuditStart = defineCommand({
  type: 'isolation.audit-start',
  major: 1,
  owner: 'isolation-auditor',
  role: 'operator',
  key: { params: ['audit-id'], of: (d) => [keyToken(d.auditId)] },
  data: {
    auditId: z.string().min(1).max(64),
    scope: AuditScope,
    mode: AuditMode,
    /** Globs over check ids; all when absent. */
    checks: z.array(z.string().max(100)).max(100).exactOptional(),
    reason: z.string().max(200).exactOptional(),
  },
  doc: 'Audits the scope now; findings that changed arrive as events, then one `audit-completed`.',
});

/** A finding opened or was resolved. Only changes are published. */
export const FindingChanged = defineEvent({
  type: 'isolation.finding',
  major: 1,
  owner: 'isolation-auditor',
  // Its own reader: the history is written from the stream, so a full archive loses nothing and delays nobody.
  consumers: ['isolation-auditor'],
  key: { params: ['state', 'severity', 'check'], of: (d) => [d.state, d.severity, ...checkTokens(d.checkId)] },
  data: {
    ...findingFields,
    state: FindingState,
    previousState: FindingState.exactOptional(),
    /** Why it was resolved. */
    reason: z.enum(['fixed', 'target-gone']).exactOptional(),
    cause: z.object({
      event: z.string().max(200).exactOptional(),
      auditId: z.string().max(64).exactOptional(),
      eventAt: z.iso.datetime().exactOptional(),
    }),
    groupId: z.string().max(64),
    memberCount: z.int().min(1),
  },
  doc: 'Its id is fingerprint, state and occurrence, so that an equal result published again is dropped. Subscribe `…finding.open.critical.>`.',
});

/** End of an audit. */
export const AuditCompleted = defineEvent({
  type: 'isolation.audit-completed',
  major: 1,
  owner: 'isolation-auditor',
  key: { params: ['platform'], of: (d) => [d.platform] },
  data: {
    platform: Platform,
    auditId: z.string().max(64),
    trigger: z.enum(['command', 'query', 'event', 'reconcile', 'start']),
    scope: AuditScope,
    summary: AuditSummary,
    opened: z.int().min(0),
    resolved: z.int().min(0),
    /** Differences that the event stream had not shown. */
    missedEvents: z.int().min(0),
    durationMs: z.number().min(0),
    cpuMs: z.number().min(0),
    unknownReasons: z.record(z.string(), z.int().min(0)),
    /** True when a source did not answer; what is missing is not resolved. */
    partial: z.boolean(),
  },
  doc: 'One for each audit by command, and one for each reconciliation that changed something.',
});
export type AuditResult = DataOf<typeof AuditCompleted>;

/** Evidence of a source was lost or is back. */
export const SourceState = defineEvent({
  type: 'isolation.source-state',
  major: 1,
  owner: 'isolation-auditor',
  key: { params: ['source'], of: (d) => [keyToken(d.source)] },
  data: {
    /** Target id of the engine, or `proc`. */
    source: z.string().max(128),
    host: z.string().max(256),
    state: z.enum(['up', 'down', 'denied', 'catching-up']),
    since: z.iso.datetime(),
    code: z.string().max(64).exactOptional(),
    message: z.string().max(1000).exactOptional(),
  },
  doc: 'Loss of evidence is never silent.',
});
