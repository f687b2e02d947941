import { EXIT, type Severity } from '@seatrial/contracts';
import { breaches, formatCount, type ScanResult } from '@seatrial/report';
import { openBus } from '../connect/open-bus.ts';
import type { Layout } from '../layout.ts';
import type { Session } from '../session.ts';
import { auditEverything } from '../verbs/scan-bus.ts';
import { busFlags } from './bus-flags.ts';
import { collect } from './first-look.ts';
import type { AuditSection, CollectSection } from './report.ts';
import type { UpView } from './view.ts';

/** What the first look brought. */
export interface Look {
  readonly collect: CollectSection;
  readonly audit: AuditSection;
  readonly scan: ScanResult;
}

/** Deadline of one question, ms: a first audit of many containers on a busy machine takes a while. */
const ASK_MS = 30_000;

/** The main job once, through the bus like anybody else: what is there, and what is wrong with it. */
export async function takeFirstLook(busUrl: string, layout: Layout, session: Session, view: UpView): Promise<Look> {
  const flags = busFlags(busUrl, layout, ASK_MS);
  await using bus = await openBus(flags, session);
  const collected = await collect(bus, session.signal);
  view.collected(collected);
  const started = performance.now();
  const scan = await auditEverything(bus, flags, session);
  const { status, severity, targets } = scan.summary;
  const audit: AuditSection = { status, severity, targets, ms: Math.round(performance.now() - started) };
  view.audited(audit, scan);
  return { collect: { ...collected, ms: Math.round(collected.ms) }, audit, scan };
}

/** 3 when the gate of `--fail-on` objects to a finding, else 0. */
export function gateOf({ findings }: ScanResult, failOn: Severity | undefined, session: Session): number {
  if (failOn === undefined) return EXIT.ok;
  const objections = breaches(findings, { failOn });
  if (objections.length === 0) return EXIT.ok;
  session.err(`gate: ${formatCount(objections.length, 'finding')} at --fail-on ${failOn}\n`);
  return EXIT.gate;
}
