import type { AuditResult } from '@seatrial/contracts';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

import type { Changes } from './audit/settler.ts';
import type { Unread } from './evidence/engine-reader.ts';
import type { FindingStore } from './findings/finding-store.ts';

/** From a hundredth of a second to what a loaded machine takes. */
const SECONDS = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

/** What the auditor shows at `/metrics` beside what every service shows. */
export class AuditorMetrics {
  readonly #audits: Counter<'trigger'>;
  readonly #unread: Counter<'code'>;
  readonly #missed: Counter;
  readonly #cpu: Counter;
  readonly #latency: Histogram;

  constructor(registry: Registry, store: FindingStore) {
    const registers = [registry];
    const findings = new Gauge({
      name: 'seatrial_isolation_findings',
      help: 'Findings that are kept',
      labelNames: ['check', 'severity', 'state'],
      registers,
      collect: () => {
        findings.reset();
        for (const { checkId, severity, state, stale } of store.all)
          findings.inc({ check: checkId, severity, state: stale === true ? 'stale' : state });
      },
    });
    this.#audits = new Counter({
      name: 'seatrial_isolation_audits_total',
      help: 'Audits of everything that ended, by what made them run',
      labelNames: ['trigger'],
      registers,
    });
    this.#cpu = new Counter({
      name: 'seatrial_isolation_audit_cpu_seconds_total',
      help: 'CPU that audits of everything took',
      registers,
    });
    this.#unread = new Counter({
      name: 'seatrial_isolation_unread_total',
      help: 'Containers that could not be read, by reason',
      labelNames: ['code'],
      registers,
    });
    this.#missed = new Counter({
      name: 'seatrial_isolation_missed_changes_total',
      help: 'Changes of findings that no event had told',
      registers,
    });
    this.#latency = new Histogram({
      name: 'seatrial_isolation_event_to_finding_seconds',
      help: 'From the event of the engine to the published changes of findings',
      buckets: SECONDS,
      registers,
    });
  }

  completed({ trigger, missedEvents, cpuMs }: AuditResult): void {
    this.#audits.inc({ trigger });
    this.#missed.inc(missedEvents);
    this.#cpu.inc(cpuMs / 1000);
  }

  unread({ error }: Unread): void {
    this.#unread.inc({ code: error.code });
  }

  /** @param ms from the event to the published changes */
  looked({ opened, resolved }: Changes, ms: number): void {
    // A look that changed nothing published nothing.
    if (opened.length + resolved.length > 0) this.#latency.observe(ms / 1000);
  }
}
