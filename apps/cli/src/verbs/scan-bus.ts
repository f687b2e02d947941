import {
  AuditCompleted,
  AuditStart,
  CheckList,
  FindingList,
  type AuditResult,
  type ReplyOf,
} from '@seatrial/contracts';
import type { ScanResult } from '@seatrial/report';

import type { BusClient } from '../connect/client.ts';
import { withBus } from '../connect/with-bus.ts';
import { DeadlinePassed } from '../errors.ts';
import { Interrupted } from '../interrupted.ts';
import { showProgress, type Progress, type ProgressMode } from '../progress/progress.ts';
import type { Flags } from '../parse/flags.ts';
import type { Session } from '../session.ts';
import type { Invocation } from '../verb-table/spec.ts';
import { CommandRefused } from './command-refused.ts';
import type { Scanned } from './scan.ts';

const GOES_ON = 'the audit goes on; `seatrial get findings` shows what it finds';

/** Sends an audit of everything, waits for its end, reads every finding, and hands the result on while the bus is open. */
export async function scanOverBus(
  invocation: Invocation,
  session: Session,
  finish: (scanned: Scanned) => Promise<number>,
): Promise<number> {
  return withBus(invocation, session, async (bus) => {
    const result = await auditEverything(bus, invocation.flags, session);
    return finish({ result, checks: async () => (await bus.ask(CheckList, {})).checks });
  });
}

/** One audit of everything: its command, its end, and all pages of what it found. @throws CommandRefused, Interrupted */
export async function auditEverything(bus: BusClient, flags: Flags, session: Session): Promise<ScanResult> {
  using progress = showProgress('audit', (flags.text('progress') ?? 'auto') as ProgressMode, session);
  const auditId = crypto.randomUUID();
  progress.update({ done: 0, unit: 'containers', phase: 'sending' });
  const completions = await bus.subscribe(AuditCompleted.filter);
  const command = { auditId, scope: {}, mode: 'effective', reason: 'seatrial scan' } as const;
  const { settled } = await bus.command(AuditStart, command, auditId);
  progress.update({ done: 0, unit: 'containers', phase: 'waiting for the auditor' });
  const completed = completionOf(auditId, completions);
  const ended = settled.then(async (end) =>
    end.outcome === 'accepted' || end.outcome === 'duplicate' ? completed : end,
  );
  const end = await within(flags.required('timeout'), Promise.race([ended, completed]), session);
  if ('outcome' in end) throw new CommandRefused(end);
  if (end.partial) session.err('warning: a source did not answer; what it would have shown is unknown, not fine\n');
  return findingsOf(bus, end.summary.targets, progress);
}

async function completionOf(
  auditId: string,
  messages: AsyncIterable<{ readonly data: unknown }>,
): Promise<AuditResult> {
  for await (const { data } of messages) {
    const parsed = AuditCompleted.tolerant.safeParse(data);
    if (parsed.success && parsed.data.auditId === auditId) return parsed.data;
  }
  throw new Interrupted(GOES_ON);
}

/** Waits no longer than the deadline, and not after Ctrl-C. */
async function within<T>(ms: number, work: Promise<T>, { signal }: Session): Promise<T> {
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const late = setTimeout(() => reject(new DeadlinePassed('the audit did not end', ms, GOES_ON)), ms);
  const stop = (): void => reject(new Interrupted(GOES_ON));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    clearTimeout(late);
    signal.removeEventListener('abort', stop);
  }
}

/** All pages; counts come with the first. */
async function findingsOf(bus: BusClient, audited: number, progress: Progress): Promise<ScanResult> {
  const statuses = ['fail', 'unknown', 'waived'] as const;
  type Page = ReplyOf<typeof FindingList>;
  let first: Page | undefined;
  const findings: Page['findings'] = [];
  const targets: Page['targets'] = [];
  let cursor: string | undefined;
  do {
    const page: Page = await bus.ask(FindingList, {
      statuses: [...statuses],
      limit: 500,
      ...(cursor !== undefined && { cursor }),
    });
    first ??= page;
    findings.push(...page.findings);
    targets.push(...page.targets);
    cursor = page.cursor;
    progress.update({
      done: findings.length,
      total: page.total,
      unit: 'findings',
      phase: `${audited} containers audited`,
    });
  } while (cursor !== undefined);
  return { findings, targets, summary: first.summary };
}
