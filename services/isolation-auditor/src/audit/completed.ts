import type { Bus } from '@seatrial/bus';
import { AuditCompleted, type AuditResult } from '@seatrial/contracts';
import { summarise, unknownReasons } from '@seatrial/isolation';

import type { AuditRequest, EngineAudit } from './engine-auditor.ts';

/** What only the caller knows. */
export interface CompletedFacts {
  /** An engine did not answer. */
  readonly partial?: boolean;
  /** Changes that the event stream had not shown. */
  readonly missedEvents?: number;
}

/** One result of the audits of all engines. */
export function completedOf(
  request: AuditRequest,
  engines: readonly EngineAudit[],
  { partial = false, missedEvents = 0 }: CompletedFacts = {},
): AuditResult {
  const audits = engines.flatMap((engine) => engine.audits);
  const unread = engines.flatMap((engine) => engine.unread);
  const reasons: Record<string, number> = { ...unknownReasons(audits) };
  for (const { error } of unread) reasons[error.code] = (reasons[error.code] ?? 0) + 1;
  const sum = (of: (engine: EngineAudit) => number): number => engines.reduce((total, engine) => total + of(engine), 0);
  return {
    platform: 'docker',
    auditId: request.auditId,
    trigger: request.trigger,
    scope: request.scope,
    summary: summarise(audits),
    opened: sum(({ opened }) => opened.length),
    resolved: sum(({ resolved }) => resolved.length),
    missedEvents,
    durationMs: Math.max(0, ...engines.map(({ durationMs }) => durationMs)),
    cpuMs: sum(({ cpuMs }) => cpuMs),
    unknownReasons: reasons,
    partial: partial || unread.some(({ why }) => why === 'unreadable'),
  };
}

/** Tells the end of an audit; a query and a quiet reconciliation tell nothing. */
export async function publishCompleted(bus: Bus, request: AuditRequest, result: AuditResult): Promise<void> {
  const quiet =
    request.trigger === 'query' || (request.trigger === 'reconcile' && result.opened + result.resolved === 0);
  if (quiet) return;
  await bus.publish(AuditCompleted, result, {
    subject: request.auditId,
    signal: request.signal,
    ...(request.delivery !== undefined && { cause: request.delivery }),
  });
}
