import type { Delivery } from '@seatrial/bus';
import {
  currentIncarnations,
  type FindingRecord,
  groupsOf,
  markStale,
  reconcileFindings,
  type Reconciled,
  resolveGone,
  type TargetAudit,
} from '@seatrial/isolation';

import { isHostOf } from '../evidence/engine-reader.ts';
import type { Cause, FindingStore } from '../findings/finding-store.ts';
import { sameVerdicts } from './same-verdicts.ts';

/** Findings that changed, by what they became; each with the container it is about. */
export interface Changes {
  readonly opened: readonly string[];
  readonly resolved: readonly string[];
}

export const NO_CHANGES: Changes = { opened: [], resolved: [] };

/** What a settlement belongs to. */
export interface Settling {
  readonly cause: Cause;
  /** Containers that exist but could not be read: nothing of theirs is resolved. */
  readonly unreadable: ReadonlySet<string>;
  /** Only these were looked at: of the others only those are committed whose verdicts came out differently. */
  readonly named?: ReadonlySet<string>;
  readonly delivery?: Delivery;
  readonly signal: AbortSignal;
}

/** Brings the findings of one engine up to its audits. */
export class Settler {
  readonly #engine: string;
  readonly #store: Pick<FindingStore, 'all' | 'of' | 'commit'>;
  /** The audit that the findings of each identity were last brought up to. */
  readonly #settled = new Map<string, TargetAudit>();

  /** @param engine target id */
  constructor(engine: string, store: Pick<FindingStore, 'all' | 'of' | 'commit'>) {
    this.#engine = engine;
    this.#store = store;
  }

  /** Commits what changed. @param audits of every container of the engine: whoever is not among them is gone */
  async settle(audits: readonly TargetAudit[], settling: Settling): Promise<Changes> {
    const { cause, unreadable, named, delivery, signal } = settling;
    const at = new Date().toISOString();
    const groups = groupsOf(audits);
    const opened: string[] = [];
    const resolved: string[] = [];
    const commit = async (reconciled: Reconciled): Promise<void> => {
      await this.#store.commit(reconciled, cause, { signal, ...(delivery !== undefined && { delivery }) });
      for (const { state, target } of reconciled.changes) (state === 'open' ? opened : resolved).push(target.id);
    };
    const present = new Set<string>();
    for (const audit of currentIncarnations(audits)) {
      const { identity, id } = audit.target;
      present.add(identity);
      const settled = this.#settled.get(identity);
      if (named !== undefined && !named.has(id) && settled !== undefined && sameVerdicts(settled, audit)) continue;
      this.#settled.delete(identity);
      await commit(reconcileFindings(this.#store.of(identity), audit, at, groups.get(audit.groupId)?.length ?? 1));
      this.#settled.set(identity, audit);
    }
    for (const [identity, records] of this.#openHere()) {
      if (present.has(identity)) continue;
      const kept = records.some(({ target }) => unreadable.has(target.id));
      await commit(kept ? markStale(records) : resolveGone(records, at));
      this.#settled.delete(identity);
    }
    return { opened, resolved };
  }

  /** Nothing is known of the engine any more: nothing is resolved, everything open is stale. */
  async lost(cause: Cause): Promise<void> {
    this.#settled.clear();
    for (const records of this.#openHere().values()) await this.#store.commit(markStale(records), cause);
  }

  /** Open findings whose target was last seen on this engine, by identity: a workload may have moved to another one. */
  #openHere(): Map<string, FindingRecord[]> {
    const here = this.#store.all.filter(({ state, target }) => state === 'open' && isHostOf(target.host, this.#engine));
    return Map.groupBy(here, ({ target }) => target.identity);
  }
}
