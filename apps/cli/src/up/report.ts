import type { AuditSummary, Severity, TargetState } from '@seatrial/contracts';
import { inPrintOrder, type ScanResult } from '@seatrial/report';
import type { PlaneProcess } from '../plane/run-state.ts';
import type { Source } from './sources.ts';

/** One process of the plane, after its start. */
export interface ServiceReport {
  readonly name: string;
  /** It answered its ping (the bus: a connection). */
  readonly ok: boolean;
  /** From its start to its first answer, ms; absent when it did not answer. */
  readonly ms?: number;
  /** Why it did not answer. */
  readonly failure?: string;
}

/** A member of the plane as the report shows it. */
export function serviceReport({ name, ready, readyMs, failure }: PlaneProcess): ServiceReport {
  return {
    name,
    ok: ready,
    ...(readyMs !== undefined && { ms: Math.round(readyMs) }),
    ...(failure !== undefined && { failure }),
  };
}

/** What the first look collected. */
export interface CollectSection {
  /** Objects by kind. */
  readonly counts: Readonly<Record<string, number>>;
  readonly targets: readonly Pick<TargetState, 'id' | 'health' | 'code' | 'message'>[];
  /** The collector publishes: sequence number of the first frame seen; null when none came in time. */
  readonly frame: number | null;
  readonly ms: number;
}

/** What the first look's audit came to. */
export interface AuditSection {
  readonly status: AuditSummary['status'];
  readonly severity: AuditSummary['severity'];
  readonly targets: number;
  readonly ms: number;
}

/** Everything `up` tells, the one object behind its text and its JSON. A section that could not be made is absent. */
export interface UpReport {
  /** `started`: by this command; `attached`: it ran already. */
  readonly mode: 'started' | 'attached';
  readonly bus: string;
  readonly sources: readonly Source[];
  readonly services: readonly ServiceReport[];
  readonly collect?: CollectSection;
  readonly audit?: AuditSection;
  /** The audit's whole result. */
  readonly scan?: ScanResult;
  readonly next: readonly string[];
}

/** `up -o json`: one object; `findings` as `scan -o json` prints them. */
export function upToJson(report: UpReport): Readonly<Record<string, unknown>> {
  const { mode, bus, sources, services, collect, audit, scan, next } = report;
  return {
    mode,
    bus,
    sources: sources.map(({ kind, name, status, version, simulated, objects }) => ({
      kind,
      name,
      status,
      ...(version !== undefined && { version }),
      simulated,
      objects,
    })),
    services,
    sections: { ...(collect && { collect }), ...(audit && { audit }) },
    findings: scan ? inPrintOrder(scan.findings) : [],
    targets: scan?.targets ?? [],
    next,
  };
}

/** Commands worth typing next, for this result. */
export function nextLines(report: Pick<UpReport, 'sources' | 'scan'>): string[] {
  const worst =
    report.scan && inPrintOrder(report.scan.findings).find(({ status, primary }) => status === 'fail' && primary);
  // The sources were counted before a demo was started; the look came after it.
  const empty =
    worst === undefined &&
    report.sources.every(({ kind, status, objects }) => kind !== 'docker' || (status === 'real' && objects === 0));
  return [
    ...(worst ? [`./seatrial explain ${worst.checkId} ${shortName(worst.target)}`] : []),
    './seatrial get findings -o wide',
    ...(empty ? ['./seatrial up --demo'] : ['./seatrial get containers -w']),
  ];
}

/** A name that can be typed: the container's own, or the start of its id where that is shorter or safer. */
function shortName({ name, id }: { readonly name: string; readonly id: string }): string {
  return /^[\w.-]{1,24}$/.test(name) ? name : id.slice(0, 12);
}

/** Number of primary failures by severity, for the sentence of the audit line. */
export function failuresOf(scan: ScanResult): Partial<Record<Severity, number>> {
  const counts: Partial<Record<Severity, number>> = {};
  for (const { status, primary, severity } of scan.findings) {
    if (status === 'fail' && primary) counts[severity] = (counts[severity] ?? 0) + 1;
  }
  return counts;
}
