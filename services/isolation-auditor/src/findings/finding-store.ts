import { setTimeout as wait } from 'node:timers/promises';

import type { Bucket, Bus, Delivery } from '@seatrial/bus';
import { type DataOf, FindingChanged, Findings } from '@seatrial/contracts';
import { findingEventId, type FindingRecord, type Reconciled } from '@seatrial/isolation';

/** Why a finding changes. */
export type Cause = DataOf<typeof FindingChanged>['cause'];

/** What a commit belongs to. */
export interface CommitOptions {
  /** The command that asked for the audit, if one did. */
  readonly delivery?: Delivery;
  readonly signal?: AbortSignal;
}

interface Known {
  readonly record: FindingRecord;
  readonly revision: number;
}

/** Pause after the watch of the bucket broke, ms. */
const AGAIN_MS = 1_000;

/**
 * The current findings: in memory for queries, in the bucket for the next start and for other replicas, whose writes are seen here too. A change is published, then stored;
 * the store is the commit. A crash in between makes the next audit find the same change again, under the same message id. The history is written from the stream.
 */
export class FindingStore implements AsyncDisposable {
  readonly #bus: Bus;
  readonly #bucket: Bucket<FindingRecord>;
  readonly #known = new Map<string, Known>();
  readonly #byIdentity = new Map<string, Set<string>>();
  readonly #stop = new AbortController();
  #following: Promise<void> | undefined;

  private constructor(bus: Bus) {
    this.#bus = bus;
    this.#bucket = bus.bucket(Findings);
  }

  /** Reads what is stored and stays up to date until it is disposed. */
  static async open(bus: Bus): Promise<FindingStore> {
    const store = new FindingStore(bus);
    await store.refresh();
    store.#following = store.#follow();
    return store;
  }

  /** Everything, in no particular order. */
  get all(): FindingRecord[] {
    return [...this.#known.values()].map(({ record }) => record);
  }

  /** Records of one target's identity. */
  of(identity: string): FindingRecord[] {
    return [...(this.#byIdentity.get(identity) ?? [])].flatMap(
      (fingerprint) => this.#known.get(fingerprint)?.record ?? [],
    );
  }

  /** Reads everything again: whoever begins to write must not go on from what another has overtaken. */
  async refresh(): Promise<void> {
    for (const { value, revision } of await this.#bucket.entries()) this.#learn(value, revision);
  }

  /** Takes the result of an audit of one target. The findings of one target are independent of each other, so their order does not matter. */
  async commit(
    { store, changes, records }: Reconciled,
    cause: Cause,
    { delivery, signal }: CommitOptions = {},
  ): Promise<void> {
    await Promise.all(
      changes.map((change) =>
        this.#bus.publish(
          FindingChanged,
          { ...change, cause },
          {
            id: findingEventId(change),
            subject: change.target.id,
            ...(delivery !== undefined && { cause: delivery }),
            ...(signal !== undefined && { signal }),
          },
        ),
      ),
    );
    await Promise.all(
      store.map(async (record) => this.#learn(record, await this.#bucket.put(record.fingerprint, record))),
    );
    for (const record of records) this.#see(record);
  }

  /** Removes resolved records that are older than this: the archive keeps them. @param at RFC 3339 */
  async forgetResolvedBefore(at: string): Promise<void> {
    for (const { record, revision } of [...this.#known.values()]) {
      if (record.state === 'open' || record.lastSeen >= at) continue;
      await this.#bucket.delete(record.fingerprint, revision);
      this.#forget(record.fingerprint, revision);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#following;
  }

  /** What this process wrote comes back too and changes nothing. */
  async #follow(): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        for await (const change of this.#bucket.watch({ signal })) {
          if (change.op === 'put') this.#learn(change.value, change.revision);
          else if (change.op === 'delete') this.#forget(change.key, change.revision);
        }
      } catch {
        // The bus tells of its own state; what was missed comes with the snapshot of the next watch.
      }
      await wait(AGAIN_MS, undefined, { signal }).catch(() => undefined);
    }
  }

  /** A record that was seen again unchanged is not written: only when it was last seen is newer. */
  #see(record: FindingRecord): void {
    const known = this.#known.get(record.fingerprint);
    if (known !== undefined) this.#known.set(record.fingerprint, { record, revision: known.revision });
  }

  #learn(record: FindingRecord, revision: number): void {
    const known = this.#known.get(record.fingerprint);
    if (known !== undefined && known.revision >= revision) return;
    this.#known.set(record.fingerprint, { record, revision });
    const { identity } = record.target;
    let fingerprints = this.#byIdentity.get(identity);
    if (fingerprints === undefined) this.#byIdentity.set(identity, (fingerprints = new Set()));
    fingerprints.add(record.fingerprint);
  }

  #forget(fingerprint: string, revision: number): void {
    const known = this.#known.get(fingerprint);
    if (known === undefined || known.revision > revision) return;
    this.#known.delete(fingerprint);
    const { identity } = known.record.target;
    const fingerprints = this.#byIdentity.get(identity);
    fingerprints?.delete(fingerprint);
    if (fingerprints?.size === 0) this.#byIdentity.delete(identity);
  }
}
