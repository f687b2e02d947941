import { z } from 'zod';

import { defineBucket, defineLeaseBucket } from '../define/bucket.ts';
import { findingFields, FindingState } from './model.ts';

/** Current findings; key = fingerprint. */
export const Findings = defineBucket({
  name: 'isolation_findings',
  owner: 'isolation-auditor',
  history: 5,
  keyDoc: '<fingerprint>',
  value: { ...findingFields, state: FindingState, reason: z.string().exactOptional(), groupId: z.string() },
  doc: 'Open findings, and resolved ones until the archive alone keeps them.',
});

/** Where a restarted auditor continues each event stream. */
export const IsolationCursors = defineBucket({
  name: 'isolation_cursors',
  owner: 'isolation-auditor',
  history: 1,
  keyDoc: '<target id of the engine>, or `audit.log`',
  value: { eventSince: z.string().max(64), updatedAt: z.iso.datetime() },
  doc: 'Position in each engine’s event stream, and in the stream of audit records.',
});

/** Ids of audits by command that were carried out, so that a repeated command takes effect once. */
export const AuditRuns = defineBucket({
  name: 'isolation_audits',
  owner: 'isolation-auditor',
  history: 1,
  maxAgeMs: 7 * 86_400_000,
  keyDoc: '<key token of the audit id>',
  value: {
    auditId: z.string().max(64),
    commandId: z.string().max(256),
    state: z.enum(['running', 'completed']),
    startedAt: z.iso.datetime(),
    completedAt: z.iso.datetime().exactOptional(),
  },
  doc: 'Kept for 7 days.',
});

/** One replica reads each engine. */
export const IsolationLeases = defineLeaseBucket({
  name: 'isolation_leases',
  owner: 'isolation-auditor',
  ttlMs: 15_000,
  doc: 'Right to read one engine.',
});
