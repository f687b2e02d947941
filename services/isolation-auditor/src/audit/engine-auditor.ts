import type { Delivery } from '@seatrial/bus';
import type { AuditMode, AuditScope, SeatrialError } from '@seatrial/contracts';
import type { ContainerInspect } from '@seatrial/docker';
import { auditAll, type FactDocument, selectChecks, type TargetAudit } from '@seatrial/isolation';

import { blindSpotOf } from '../evidence/blind-spot.ts';
import type { EngineReader, Surroundings, Unread } from '../evidence/engine-reader.ts';
import type { Cause, FindingStore } from '../findings/finding-store.ts';
import { inScope } from './scope.ts';
import { type Changes, NO_CHANGES, Settler, type Settling } from './settler.ts';
import { inSpan } from './span.ts';
import { Turns } from './turns.ts';

/** What made an audit run. */
export type Trigger = 'command' | 'query' | 'event' | 'reconcile' | 'start';

/** What is audited and how. */
export interface AuditRequest {
  readonly auditId: string;
  readonly trigger: Trigger;
  readonly scope: AuditScope;
  readonly mode: AuditMode;
  /** Globs over check ids. */
  readonly checks?: readonly string[];
  readonly signal: AbortSignal;
  readonly delivery?: Delivery;
}

/** Outcome of an audit of one engine. */
export interface EngineAudit extends Changes {
  readonly audits: readonly TargetAudit[];
  readonly unread: readonly Unread[];
  readonly durationMs: number;
  readonly cpuMs: number;
}

/** A container that an event named. */
export interface Named {
  readonly id: string;
  /** Its configuration, read when it was created. */
  readonly held?: ContainerInspect | undefined;
}

export interface EngineAuditorParts {
  /** Target id of the engine. */
  readonly id: string;
  readonly reader: Pick<EngineReader, 'surroundings' | 'inspectAll' | 'inspect' | 'observed' | 'declared'>;
  readonly store: Pick<FindingStore, 'all' | 'of' | 'commit'>;
  readonly allow: { readonly paths: readonly string[]; readonly cgroupParents: readonly string[] };
  readonly onUnread: (unread: Unread) => void;
}

/**
 * The audits of one engine, one at a time: an audit that began earlier must not overwrite what a later one saw. Keeps the fact document of every container, because a
 * container that shares a namespace or a volume with another changes that other's verdict too.
 */
export class EngineAuditor {
  readonly #parts: EngineAuditorParts;
  readonly #turns = new Turns();
  readonly #documents = new Map<string, FactDocument>();
  readonly #settler: Settler;
  #surroundings: Surroundings | undefined;
  /** A running container was known when the surroundings were read. */
  #processSeen = false;
  #audits: readonly TargetAudit[] = [];
  /** End of the last look at everything. */
  asOf: string | undefined;
  /** This replica holds the engine's lease; another one answers queries about it without writing findings. */
  leads = false;
  /** What the kernel did not show at the last look at everything. */
  blindSpot: SeatrialError | undefined;

  constructor(parts: EngineAuditorParts) {
    this.#parts = parts;
    this.#settler = new Settler(parts.id, parts.store);
  }

  /** Target id of the engine. */
  get id(): string {
    return this.#parts.id;
  }

  /** Name of the host, once it is known. */
  get host(): string | undefined {
    return this.#surroundings?.host.name;
  }

  /** Newest audit of every container. */
  get audits(): readonly TargetAudit[] {
    return this.#audits;
  }

  /** Looks at every container and compares with what is stored. @throws the error of the engine when it does not answer */
  all(request: AuditRequest): Promise<EngineAudit> {
    return this.#turns.take(() =>
      inSpan('audit', { 'seatrial.trigger': request.trigger, 'seatrial.engine': this.id }, async (span) => {
        const begun = measure();
        const { reader } = this.#parts;
        const { inspects, unread } = await inSpan('audit inspect', {}, async () => {
          const listed = await reader.inspectAll(request.signal);
          await this.#lookAround(listed.inspects, request.signal);
          return listed;
        });
        const read = await this.#read([...inspects.values()], request.mode, request.signal);
        const missed = [...unread, ...read.malformed];
        for (const each of missed) this.#parts.onUnread(each);
        // A partial look (declared evidence, or some checks) must not stand for a full one.
        const full = request.mode === 'effective' && request.checks === undefined;
        const changes = full ? await this.#takeAll(request, read.documents, missed) : NO_CHANGES;
        const judged = full ? this.#audits : this.#auditOf(read.documents.values(), request.checks);
        const audits = judged.filter(({ document }) => inScope(document, request.scope));
        span.setAttributes({ 'seatrial.targets': audits.length, ...countsOf(changes) });
        return { audits, unread: missed, ...changes, ...begun() };
      }),
    );
  }

  /** Looks at containers that an event named. Those that are gone have their findings resolved; one of which only the configuration at its creation is known is judged by that first. */
  some(named: readonly Named[], cause: Cause, signal: AbortSignal): Promise<Changes> {
    return this.#turns.take(async () => {
      // Without a full look the others are not known, and would seem to be gone. That look is due anyway and will see these containers too.
      if (this.asOf === undefined) return NO_CHANGES;
      return inSpan(
        'audit',
        { 'seatrial.trigger': 'event', 'seatrial.engine': this.id, 'seatrial.event': cause.event ?? '' },
        async (span) => {
          const ids = named.map(({ id }) => id);
          const { inspects, unread } = await inSpan('audit inspect', {}, () => this.#parts.reader.inspect(ids, signal));
          if (!this.#processSeen && anyPid(inspects) !== undefined) await this.#lookAround(inspects, signal);
          const read = await this.#read([...inspects.values()], 'effective', signal);
          const shortLived = await this.#shortLived(named, unread);
          const missed = [...unread.filter(({ id }) => !shortLived.has(id)), ...read.malformed];
          for (const each of missed) if (!this.#documents.has(each.id)) this.#parts.onUnread(each);
          for (const { id } of missed) this.#documents.delete(id);
          for (const [id, document] of [...read.documents, ...shortLived]) this.#documents.set(id, document);
          const settling = { cause, unreadable: unreadable(missed), named: new Set(ids), signal };
          const changes = [await this.#settle(settling)];
          if (shortLived.size > 0) {
            for (const id of shortLived.keys()) this.#documents.delete(id);
            changes.push(await this.#settle(settling));
          }
          const all = {
            opened: changes.flatMap(({ opened }) => opened),
            resolved: changes.flatMap(({ resolved }) => resolved),
          };
          span.setAttributes({ 'seatrial.targets': named.length, ...countsOf(all) });
          return all;
        },
      );
    });
  }

  /** The engine does not answer any more: nothing is resolved, everything open is stale. */
  lost(cause: Cause): Promise<void> {
    return this.#turns.take(() => this.#settler.lost(cause));
  }

  /** Reads what does not change from one container to the next. A process of any container leads to what the engine's namespaces are compared with. */
  async #lookAround(inspects: ReadonlyMap<string, ContainerInspect>, signal: AbortSignal): Promise<void> {
    const pid = anyPid(inspects);
    this.#surroundings = await this.#parts.reader.surroundings(pid, signal);
    this.#processSeen = pid !== undefined;
  }

  async #read(
    inspects: readonly ContainerInspect[],
    mode: AuditMode,
    signal: AbortSignal,
  ): Promise<{ readonly documents: Map<string, FactDocument>; readonly malformed: readonly Unread[] }> {
    const { reader } = this.#parts;
    const host = this.host ?? '';
    const documents = new Map<string, FactDocument>();
    const malformed: Unread[] = [];
    await inSpan('audit evidence', { 'seatrial.targets': inspects.length }, () =>
      Promise.all(
        inspects.map(async (inspect) => {
          const document = await (mode === 'effective'
            ? reader.observed(inspect, host, signal)
            : reader.declared(inspect, host));
          if (document instanceof Error) malformed.push({ id: inspect.Id, why: 'unreadable', error: document });
          else documents.set(inspect.Id, document);
        }),
      ),
    );
    return { documents, malformed };
  }

  /** Containers that came and went before their turn: their configuration is all that was seen of them. */
  async #shortLived(named: readonly Named[], unread: readonly Unread[]): Promise<ReadonlyMap<string, FactDocument>> {
    const gone = new Set(unread.flatMap(({ id, why }) => (why === 'gone' ? [id] : [])));
    const documents = new Map<string, FactDocument>();
    for (const { id, held } of named) {
      if (held === undefined || !gone.has(id) || this.#documents.has(id)) continue;
      const document = await this.#parts.reader.declared(held, this.host ?? '', { ended: true });
      if (!(document instanceof Error)) documents.set(id, document);
    }
    return documents;
  }

  async #takeAll(
    { auditId, trigger, delivery, signal }: AuditRequest,
    documents: ReadonlyMap<string, FactDocument>,
    missed: readonly Unread[],
  ): Promise<Changes> {
    for (const id of this.#documents.keys()) if (!documents.has(id)) this.#documents.delete(id);
    for (const [id, document] of documents) this.#documents.set(id, document);
    if (this.#surroundings !== undefined) this.blindSpot = blindSpotOf(this.#surroundings, documents.values());
    const reading = trigger === 'query' && !this.leads;
    const changes = reading
      ? this.#look()
      : await this.#settle({
          cause: { auditId },
          unreadable: unreadable(missed),
          signal,
          ...(delivery !== undefined && { delivery }),
        });
    this.asOf = new Date().toISOString();
    return changes;
  }

  /** Judges without writing. */
  #look(): Changes {
    this.#audits = this.#auditOf(this.#documents.values(), undefined);
    return NO_CHANGES;
  }

  /** Judges all documents and commits what changed. */
  async #settle(settling: Settling): Promise<Changes> {
    this.#audits = await inSpan('audit checks', {}, async () => this.#auditOf(this.#documents.values(), undefined));
    return inSpan('audit commit', {}, () => this.#settler.settle(this.#audits, settling));
  }

  #auditOf(documents: Iterable<FactDocument>, checks: readonly string[] | undefined): readonly TargetAudit[] {
    const surroundings = this.#surroundings;
    if (surroundings === undefined) return [];
    return auditAll([...documents], {
      engine: surroundings.engine,
      host: surroundings.host,
      allow: this.#parts.allow,
      ...(checks !== undefined && { checks: selectChecks(checks) }),
    });
  }
}

function unreadable(missed: readonly Unread[]): ReadonlySet<string> {
  return new Set(missed.flatMap(({ id, why }) => (why === 'unreadable' ? [id] : [])));
}

function countsOf({ opened, resolved }: Changes): { 'seatrial.opened': number; 'seatrial.resolved': number } {
  return { 'seatrial.opened': opened.length, 'seatrial.resolved': resolved.length };
}

function anyPid(inspects: ReadonlyMap<string, ContainerInspect>): number | undefined {
  return [...inspects.values()].find(({ State }) => State.Running && State.Pid > 0)?.State.Pid;
}

function measure(): () => { durationMs: number; cpuMs: number } {
  const [wall, cpu] = [performance.now(), process.cpuUsage()];
  return () => {
    const used = process.cpuUsage(cpu);
    return { durationMs: performance.now() - wall, cpuMs: (used.user + used.system) / 1000 };
  };
}
