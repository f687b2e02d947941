import type { FindingChange, FindingRecord, Reconciled } from '@seatrial/isolation';

import type { FindingStore } from '../findings/finding-store.ts';

/** Findings in memory, and everything that was published. */
export class FakeStore implements Pick<FindingStore, 'all' | 'of' | 'commit'> {
  readonly published: FindingChange[] = [];
  readonly #records = new Map<string, FindingRecord>();

  get all(): FindingRecord[] {
    return [...this.#records.values()];
  }

  of(identity: string): FindingRecord[] {
    return this.all.filter(({ target }) => target.identity === identity);
  }

  async commit({ changes, records }: Reconciled): Promise<void> {
    this.published.push(...changes);
    for (const record of records) this.#records.set(record.fingerprint, record);
  }

  /** `<check> <state>` of what was published since the last call, sorted; only of one container when named. */
  taken(id?: string): string[] {
    const taken = this.published.splice(0);
    return taken
      .filter(({ target }) => id === undefined || target.id === id)
      .map(({ checkId, state, reason }) => [checkId, state, reason].filter((word) => word !== undefined).join(' '))
      .toSorted((a, b) => a.localeCompare(b));
  }

  /** Open findings of a container's name, `check` or `check stale`. */
  open(name: string): string[] {
    return this.all
      .filter(({ target, state }) => target.name === name && state === 'open')
      .map(({ checkId, stale }) => (stale === true ? `${checkId} stale` : checkId))
      .toSorted((a, b) => a.localeCompare(b));
  }
}
