import { EXIT, type Severity } from '@seatrial/contracts';
import { breaches, formatCount, type ScanResult } from '@seatrial/report';
import { openBus } from '../connect/open-bus.ts';
import type { Layout } from '../layout.ts';
import type { Session } from '../session.ts';
import { auditEverything } from '../verbs/scan-bus.ts';
import { busFlags } from './bus-flags.ts';
import { collect, type Expected } from './first-look.ts';
import type { AuditSection, CollectSection } from './report.ts';
import type { UpView } from './view.ts';

/** What the first look brought. */
export interface Look {
  readonly collect: CollectSection;
  /** Absent without an engine: there is nothing to audit, which is not the same as nothing found. */
  readonly audit?: AuditSection;
  readonly scan?: ScanResult;
}

/** Deadline of one question, ms: a first audit of many containers on a busy machine takes a while. */
const ASK_MS = 30_000;

/** The main job once, through the bus like anybody else: what is there, and what is wrong with it. */
export async function takeFirstLook(
  expected: Expected,
  busUrl: string,
  layout: Layout,
  session: Session,
  view: UpView,
): Promise<Look> {
  const flags = busFlags(busUrl, layout, ASK_MS);
  await using bus = await openBus(flags, session);
  const collected = await collect(bus, expected, session.signal);
  view.collected(collected);
  const section = { ...collected, ms: Math.round(collected.ms) };
  if (!expected.engine) return { collect: section };
  const started = performance.now();
  const scan = await auditEverything(bus, flags, session);
  const { status, severity, targets } = scan.summary;
  const audit: AuditSection = { status, severity, targets, ms: Math.round(performance.now() - started) };
  view.audited(audit, scan);
  return { collect: section, audit, scan };
}

/** 3 when the gate of `--fail-on` objects to a finding, or cannot be asked because nothing was audited; else 0. */
export function gateOf(scan: ScanResult | undefined, failOn: Severity | undefined, session: Session): number {
  if (failOn === undefined) return EXIT.ok;
  if (scan === undefined) {
    session.err(`gate: nothing was audited, so --fail-on ${failOn} is not met\n`);
    return EXIT.gate;
  }
  const objections = breaches(scan.findings, { failOn });
  if (objections.length === 0) return EXIT.ok;
  session.err(`gate: ${formatCount(objections.length, 'finding')} at --fail-on ${failOn}\n`);
  return EXIT.gate;
}
