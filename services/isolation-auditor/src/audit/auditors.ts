import { type Bus, uuidv7 } from '@seatrial/bus';
import type { AuditResult } from '@seatrial/contracts';
import type { TargetAudit } from '@seatrial/isolation';

import { EnginesUnreachable } from '../errors.ts';
import { completedOf, publishCompleted } from './completed.ts';
import type { AuditRequest, EngineAudit, EngineAuditor } from './engine-auditor.ts';
import { assertScope } from './scope.ts';

/** Age at which the view of an engine that another replica watches is old, ms. */
const MIRROR_MS = 30_000;

/** The auditors of all engines, as one. */
export class Auditors {
  readonly #bus: Bus;
  readonly #engines: readonly EngineAuditor[];
  /** When engines without our lease were last read for a query. */
  readonly #asked = new Map<string, number>();
  /** Audits by command and by query that ended, for `/metrics`. */
  readonly onCompleted: (result: AuditResult) => void;

  constructor(bus: Bus, engines: readonly EngineAuditor[], onCompleted: (result: AuditResult) => void) {
    this.#bus = bus;
    this.#engines = engines;
    this.onCompleted = onCompleted;
  }

  /** Newest audit of every container. Engines that another replica watches are read anew when what this one knows of them is old; one that does not answer is left as it was. */
  async current(signal: AbortSignal): Promise<TargetAudit[]> {
    const now = Date.now();
    const old = this.#engines.filter(({ id, leads }) => !leads && now - (this.#asked.get(id) ?? 0) > MIRROR_MS);
    for (const { id } of old) this.#asked.set(id, now);
    const request = { trigger: 'query', scope: {}, mode: 'effective', signal } as const;
    await Promise.allSettled(old.map((engine) => engine.all({ auditId: uuidv7(), ...request })));
    return this.#audits;
  }

  /** End of the last look at everything; the oldest of the engines'. */
  get asOf(): string | undefined {
    const ends = this.#engines.map(({ asOf }) => asOf);
    return ends.reduce((oldest, end) => (oldest === undefined || (end !== undefined && oldest < end) ? oldest : end));
  }

  get #audits(): TargetAudit[] {
    return this.#engines.flatMap(({ audits }) => audits);
  }

  /**
   * Audits all engines and tells the end. An engine that does not answer makes the result partial.
   * @throws EnginesUnreachable when none answers; ContainerUnknown, ContainerIdInvalid when the scope names what is not there
   */
  async run(request: AuditRequest): Promise<{ readonly audits: readonly TargetAudit[]; readonly result: AuditResult }> {
    const outcomes = await Promise.allSettled(this.#engines.map((engine) => engine.all(request)));
    request.signal.throwIfAborted();
    const done = outcomes.flatMap((outcome): EngineAudit[] => (outcome.status === 'fulfilled' ? [outcome.value] : []));
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (done.length === 0 && failed !== undefined) throw EnginesUnreachable.from(failed.reason);
    // Where an engine is missing, so may be the container that is asked for.
    if (failed === undefined) assertScope(request.scope, this.#audits);
    const result = completedOf(request, done, { partial: failed !== undefined });
    await publishCompleted(this.#bus, request, result);
    this.onCompleted(result);
    return { audits: done.flatMap(({ audits }) => audits), result };
  }
}
